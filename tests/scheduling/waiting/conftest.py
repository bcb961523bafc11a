"""A ventilator that is taken the whole day after tomorrow, and two hospitals that want it."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from scheduling.actions import requests
from scheduling.states import Side, State
from tests import make

HOUR = timedelta(hours=1)


@pytest.fixture
def now():
    return timezone.now().replace(minute=0, second=0, microsecond=0)


@pytest.fixture
def city(now):
    owner, first, second = (make.institution(name) for name in ("owner", "first", "second"))
    device = make.equipment(owner, last_safety_test=now.date())
    make.offer(device, now=now)
    booked = make.sharing_request(
        device,
        make.institution("holder"),
        state=State.APPROVED,
        starts_at=now + 48 * HOUR,
        ends_at=now + 72 * HOUR,
        now=now,
    )
    return SimpleNamespace(
        owner=owner,
        first=first,
        second=second,
        device=device,
        booked=booked,
        holder=booked.borrower,
        canceller=booked.created_by,
        asker=make.user(at=first, role="coordinator"),
        rival=make.user(at=second, role="coordinator"),
    )


@pytest.fixture
def cancel(city, now):
    """Free the booked day."""

    def _cancel(at=now):
        requests.cancel(
            sharing_request=city.booked,
            side=Side.BORROWER,
            by=city.canceller,
            now=at,
            reason_code="no_longer_needed",
        )

    return _cancel
