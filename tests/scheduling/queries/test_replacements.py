"""What a borrower can have instead when a booking lost a part of its time."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduling.models import TransitionLog
from scheduling.queries.replacements import in_parts, lost_time, ranked
from scheduling.states import State
from tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


def at(hours):
    return NOW + timedelta(hours=hours)


@pytest.fixture
def borrower():
    return make.institution("borrower")


def device_of(slug, **fields):
    fields |= {"confirmed_at": NOW, "last_safety_test": NOW.date()}
    device = make.equipment(make.institution(slug), **fields)
    make.offer(device, now=NOW)
    return device


def booked(borrower, first=24, last=48, *, before=None, kind="recall", **fields):
    """A booking that lasted until ``before`` and now ends at ``last``."""
    row = make.sharing_request(
        device_of("owner"), borrower, now=NOW, starts_at=at(first), ends_at=at(last),
        **{"state": State.APPROVED} | fields,
    )  # fmt: skip
    if before is not None:
        make.time_change(
            row, kind=kind, new_ends_at=at(last), old_ends_at=at(before), by=row.created_by,
            now=NOW, status="agreed", decided_at=NOW, due_at=None,
        )  # fmt: skip
    return row


@pytest.mark.parametrize("kind", ["recall", "shortening"])
def test_a_recall_or_an_earlier_end_loses_the_time_until_the_old_end(borrower, kind):
    row = booked(borrower, before=60, kind=kind)
    assert lost_time(row, now=NOW) == (at(48), at(60))


def test_two_recalls_lose_all_the_time_since_the_first_end(borrower):
    row = booked(borrower, before=60)
    make.time_change(
        row, kind="recall", new_ends_at=at(60), old_ends_at=at(90), by=row.created_by, now=NOW,
        status="agreed", decided_at=NOW, due_at=None,
    )  # fmt: skip
    assert lost_time(row, now=NOW) == (at(48), at(90))


def test_only_time_to_come_counts_from_the_next_quarter(borrower):
    row = booked(borrower, before=60)
    late = at(50) + timedelta(minutes=7)
    assert lost_time(row, now=late) == (at(50.25), at(60))
    assert lost_time(row, now=at(59.5)) is None


def test_nothing_is_lost_without_a_recall_or_when_the_time_was_agreed_again(borrower):
    row = booked(borrower)
    assert lost_time(row, now=NOW) is None
    make.time_change(
        row, kind="recall", new_ends_at=at(40), old_ends_at=at(48), by=row.created_by, now=NOW,
        status="agreed", decided_at=NOW, due_at=None,
    )  # fmt: skip
    assert lost_time(row, now=NOW) is None


def test_a_refused_extension_loses_nothing(borrower):
    row = booked(borrower)
    make.time_change(
        row, new_ends_at=at(90), by=row.created_by, now=NOW, status="refused", decided_at=NOW
    )
    assert lost_time(row, now=NOW) is None


def test_all_of_it_is_lost_when_the_owner_cancels_and_nothing_when_the_borrower_does(borrower):
    row = booked(borrower, state=State.CANCELLED)
    assert lost_time(row, now=NOW) is None
    last = TransitionLog.unscoped.filter(sharing_request=row, transition="cancel").values()
    TransitionLog.unscoped.create(**last[0] | {"id": None, "transition": "cancel_by_owner"})
    assert lost_time(row, now=NOW) == (at(24), at(48))


def units(row, lost):
    _wanted, found = ranked(row, lost, now=NOW)
    return [(one.resource.code, one.starts_at, one.ends_at) for one in found.suitable]


def parts(row, lost):
    found = in_parts(row, lost, now=NOW)
    return [(way.kind, way.resource.code, way.starts_at, way.ends_at) for way in found]


def test_units_that_are_free_for_all_of_it_come_one_of_each_owner_and_five_at_most(borrower):
    row = booked(borrower, before=60)
    for number in range(6):
        device_of(f"lender-{number}", code=f"FREE-{number}")
    busy = device_of("busy", code="BUSY")
    make.sharing_request(
        busy, make.institution("other"), state="approved", starts_at=at(50), ends_at=at(70), now=NOW
    )
    found = units(row, (at(48), at(60)))
    assert {code for code, *_times in found} <= {f"FREE-{n}" for n in range(6)}
    assert len(found) == 5
    assert {entry[1:] for entry in found} == {(at(48), at(60))}


def test_the_longest_free_part_is_told_where_no_unit_is_free_throughout(borrower):
    row = booked(borrower, before=60)
    part = device_of("part", code="PART")
    make.sharing_request(
        part, make.institution("other"), state="approved", starts_at=at(55), ends_at=at(70), now=NOW
    )
    assert units(row, (at(48), at(60))) == []
    assert parts(row, (at(48), at(60))) == [("other_unit", "PART", at(48), at(55))]


def test_the_recalled_unit_itself_and_hidden_ones_are_not_named(borrower):
    row = booked(borrower, before=60)
    device_of("hidden", code="HIDDEN", visibility="private")
    assert units(row, (at(48), at(60))) == []
    assert parts(row, (at(48), at(60))) == []
