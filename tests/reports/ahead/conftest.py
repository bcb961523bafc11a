"""A house with a medicine that its wards are issued every day, and how its pages are opened."""

from datetime import timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from reports.models import Forecast
from resources.enums_medicine import MovementSort
from tests import make

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)


def issue_daily(lot, now, *, days, packs=2):
    """Packs issued at noon of each of the last days; the lot has what it had before."""
    total = days * packs
    make.movement(lot, MovementSort.RECEIVE, total, at=now - (days + 1) * DAY)
    noon = now.astimezone(SHANGHAI).replace(hour=12, minute=0, second=0, microsecond=0)
    for number in range(1, days + 1):
        make.movement(lot, MovementSort.ISSUE, packs, at=noon - number * DAY)


@pytest.fixture
def house():
    now = timezone.now()
    owner = make.institution("owner")
    lot = make.medicine_lot(owner, stock=20, pack_size=5)
    issue_daily(lot, now, days=120)
    return SimpleNamespace(owner=owner, lot=lot, now=now)


def stored(institution, kind):
    return Forecast.objects.owned_by(institution).get(kind=kind)


def seen(client, institution, name, *, role="coordinator", **query):
    client.force_login(make.user(at=institution, role=role))
    return client.get(reverse(name, args=[institution.slug]), query)
