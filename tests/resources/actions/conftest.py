"""The owner's device that the blocks are about, and the booking that may stand in their way."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from scheduling.states import State
from tests import make

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


def at(hours):
    return NOW + timedelta(hours=hours)


@pytest.fixture
def english():
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
