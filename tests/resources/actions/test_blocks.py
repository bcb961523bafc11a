from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import translation

from medshare_portal.models import AuditEvent
from resources.actions import blocks
from resources.models import BusyBlock
from scheduling.states import State
from tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


def at(hours):
    return NOW + timedelta(hours=hours)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def device():
    device = make.equipment(make.institution("owner"))
    make.offer(device, now=NOW)
    return device


@pytest.fixture
def engineer(device):
    return make.user(at=device.institution, role="biomedical_engineer")


@pytest.fixture
def booking(device):
    return make.sharing_request(
        device,
        make.institution("borrower"),
        state=State.APPROVED,
        now=NOW,
        starts_at=at(10),
        ends_at=at(20),
        blocked_from=at(9),
        blocked_until=at(22),
    )


def add(device, by, first, last, reason="maintenance"):
    with transaction.atomic():
        return blocks.add(
            resource=device,
            reason=reason,
            starts_at=at(first),
            ends_at=at(last),
            by=by,
            now=NOW,
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
