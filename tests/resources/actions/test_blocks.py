import pytest
from django.db import transaction

from medshare_portal.models import AuditEvent
from resources.actions import blocks
from resources.models import BusyBlock
from scheduling.states import State
from tests import make
from tests.resources.actions.conftest import NOW, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def add(device, by, first, last, reason="maintenance", now=NOW):
    with transaction.atomic():
        return blocks.add(
            resource=device,
            reason=reason,
            starts_at=at(first),
            ends_at=at(last),
            by=by,
            now=now,
            note="PM",
        )


def test_a_block_is_kept_and_recorded(device, engineer):
    block = add(device, engineer, 1, 5)
    assert (block.reason, block.note, block.created_by, block.institution.slug) == (
        "maintenance",
        "PM",
        engineer,
        "owner",
    )
    assert list(AuditEvent.unscoped.values_list("chain", "action")) == [("owner", "block.added")]


def test_a_block_over_a_booking_is_refused_with_its_name_and_time(device, engineer, booking):
    with pytest.raises(blocks.BlockOverBooking) as refusal:
        add(device, engineer, 21, 30)
    words = str(refusal.value.message)
    assert words.startswith(
        f"{booking.reference} · Borrower Hospital is booked Mon 23 Nov, 01:00 – 14:00"
    )
    assert not BusyBlock.unscoped.exists()
    assert not AuditEvent.unscoped.exists()


@pytest.fixture
def hold(device):
    """Somebody fills in the form, until a quarter past."""
    borrower = make.institution("secret")
    return make.sharing_request(
        device, borrower, state=State.HELD, now=NOW, starts_at=at(10), ends_at=at(20)
    )


def test_a_block_over_a_hold_is_refused_without_the_name_of_who_holds_it(device, engineer, hold):
    with pytest.raises(blocks.BlockOverBooking) as refusal:
        add(device, engineer, 12, 13)
    words = str(refusal.value.message)
    assert words.startswith(
        "Somebody is just asking for Mon 23 Nov, 02:00 – 12:00, set-up and cleaning included."
    )
    assert "free again from Sun 22 Nov, 16:15" in words
    assert hold.reference not in words
    assert "Secret" not in words


def test_a_hold_past_its_time_is_in_no_blocks_way_before_its_job_has_run(device, engineer, hold):
    add(device, engineer, 12, 13, now=hold.hold_expires_at)
    hold.refresh_from_db()
    assert (hold.state, hold.ended_at) == (State.LAPSED, hold.hold_expires_at)


def test_a_block_beside_a_booking_is_kept(device, engineer, booking):
    add(device, engineer, 22, 30)
    add(device, engineer, 1, 9)
    assert BusyBlock.unscoped.count() == 2


def test_a_request_that_only_waits_is_in_no_blocks_way(device, engineer):
    make.sharing_request(device, make.institution(), now=NOW, starts_at=at(10), ends_at=at(20))
    add(device, engineer, 12, 13)


def test_remove_gives_the_time_back_once(device, engineer):
    block = add(device, engineer, 1, 5)
    with transaction.atomic():
        blocks.remove(block=block, by=engineer, now=NOW)
    assert not BusyBlock.unscoped.exists()
    block.pk = 1
    with pytest.raises(blocks.BlockGone), transaction.atomic():
        blocks.remove(block=block, by=engineer, now=NOW)
