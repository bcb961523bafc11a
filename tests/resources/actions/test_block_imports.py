import pytest
from django.db import transaction

from medshare_portal.models import AuditEvent
from resources.actions import block_imports
from resources.actions.blocks import BlockOverBooking
from resources.calendar_changes import Kept
from resources.models import BusyBlock
from tests import make
from tests.resources.actions.conftest import NOW, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def going(device, entries, named):
    """What the owner is shown to move or go."""
    changes = block_imports.changes_of(device, entries, named=named, now=NOW)
    return [block.pk for block in changes.going]


def bring_in(device, by, *entries, named=None, seen=None):
    """A file of these entries; the events in it are whole unless ``named`` says otherwise."""
    named = dict.fromkeys(entry.uid for entry in entries) if named is None else named
    with transaction.atomic():
        return block_imports.bring_in(
            resource=device, entries=entries, reason="own_use", by=by, now=NOW, named=named,
            going=going(device, entries, named) if seen is None else seen,
        )  # fmt: skip


def daily(*days, uid="u1"):
    """Occurrences of a repeating event, an hour each."""
    return [Kept(at(24 * day), at(24 * day + 1), "a", uid, occurrence=at(24 * day)) for day in days]


def starts():
    return set(BusyBlock.unscoped.values_list("starts_at", flat=True))


def kept():
    return set(BusyBlock.unscoped.values_list("starts_at", "ends_at", "note"))


def test_import_brings_known_events_up_to_date(device, engineer):
    first = (Kept(at(1), at(2), "a", "u1"), Kept(at(25), at(26), "a", "u1"))
    assert bring_in(device, engineer, *first) == (2, 0, 0, 0)
    second = (Kept(at(1), at(3), "b", "u1"), Kept(at(25), at(26), "a", "u1"))
    assert bring_in(device, engineer, *second) == (0, 1, 0, 0)
    assert kept() == {(at(1), at(3), "b"), (at(25), at(26), "a")}


def test_an_event_that_moved_is_moved_and_leaves_nothing_behind(device, engineer):
    bring_in(device, engineer, Kept(at(1), at(2), "a", "u1"), Kept(at(3), at(4), "b", "u2"))
    assert bring_in(device, engineer, Kept(at(5), at(6), "a", "u1")) == (0, 0, 1, 0)
    assert kept() == {(at(5), at(6), "a"), (at(3), at(4), "b")}
    data = AuditEvent.unscoped.latest("pk").data
    assert (data["new"], data["moved"], data["removed"]) == (0, 1, 0)


def test_a_moved_occurrence_frees_its_own_start(device, engineer):
    days = daily(1, 2, 3)
    bring_in(device, engineer, *days)
    late = Kept(at(80), at(81), "a", "u1", occurrence=at(24))
    assert bring_in(device, engineer, late, *days[1:]) == (0, 0, 1, 0)
    assert starts() == {at(48), at(72), at(80)}


def test_of_a_repetition_that_lost_one_date_and_gained_another_nothing_moved(device, engineer):
    bring_in(device, engineer, *daily(1, 2))
    assert bring_in(device, engineer, *daily(2, 5)) == (1, 0, 0, 1)
    assert starts() == {at(48), at(120)}


def test_a_file_of_one_changed_date_leaves_the_other_dates_of_the_event(device, engineer):
    bring_in(device, engineer, *daily(1, 2, 3))
    late = Kept(at(26), at(27), "a", "u1", occurrence=at(24))
    only = {"u1": frozenset([at(24)])}
    assert bring_in(device, engineer, late, named=only) == (0, 0, 1, 0)
    assert starts() == {at(26), at(48), at(72)}
    later = Kept(at(30), at(31), "a", "u1", occurrence=at(24))
    assert bring_in(device, engineer, later, named=only) == (0, 0, 1, 0)
    assert starts() == {at(30), at(48), at(72)}
    assert bring_in(device, engineer, named=only) == (0, 0, 0, 1)
    assert starts() == {at(48), at(72)}


def test_what_a_cancelled_event_kept_is_removed_and_what_is_over_stays(device, engineer):
    over, coming = Kept(at(-5), at(-4), "a", "u1"), Kept(at(4), at(5), "a", "u1")
    bring_in(device, engineer, over, coming)
    assert bring_in(device, engineer, named={"u1": None}) == (0, 0, 0, 1)
    assert kept() == {(at(-5), at(-4), "a")}


def test_events_that_the_file_does_not_name_and_typed_blocks_stay(device, engineer):
    make.block(device, at(30), at(31), by=engineer)
    bring_in(device, engineer, Kept(at(1), at(2), "a", "u1"))
    assert bring_in(device, engineer, Kept(at(3), at(4), "b", "u2")) == (1, 0, 0, 0)
    assert BusyBlock.unscoped.count() == 3


def test_nothing_moves_or_goes_that_the_owner_was_not_shown(device, engineer):
    bring_in(device, engineer, Kept(at(1), at(2), "a", "u1"))
    with pytest.raises(block_imports.ImportOutOfDate):
        bring_in(device, engineer, Kept(at(5), at(6), "a", "u1"), seen=[])
    assert kept() == {(at(1), at(2), "a")}


def test_the_same_event_twice_in_a_file_is_one_block(device, engineer):
    assert bring_in(
        device, engineer, Kept(at(1), at(2), "a", "u1"), Kept(at(1), at(3), "b", "u1")
    ) == (1, 0, 0, 0)
    assert kept() == {(at(1), at(3), "b")}


def test_import_is_all_or_nothing(device, engineer, booking):
    with pytest.raises(BlockOverBooking, match=booking.reference):
        bring_in(device, engineer, Kept(at(1), at(2), "a", "u1"), Kept(at(12), at(13), "b", "u2"))
    assert not BusyBlock.unscoped.exists()


def test_an_update_or_a_move_that_would_meet_a_booking_is_refused(device, engineer, booking):
    bring_in(device, engineer, Kept(at(1), at(2), "a", "u1"))
    for entry in (Kept(at(1), at(12), "a", "u1"), Kept(at(11), at(12), "a", "u1")):
        with pytest.raises(BlockOverBooking):
            bring_in(device, engineer, entry)
        assert kept() == {(at(1), at(2), "a")}
