"""Two hospitals with figures: one has more than it wants, the other is the one that must not see it."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from medshare_portal.roles import Role
from reports.models import AlertLimits
from tests import make
from tests.reports.figures.numbers import DAY, HOUR, counted, numbers

EVENING = datetime(2026, 3, 10, 21, tzinfo=UTC)  # 05:00 in Shanghai, before it is looked
MORNING = datetime(2026, 3, 10, 22, 5, tzinfo=UTC)  # 06:05 in Shanghai on the 11th
NEXT_MORNING = MORNING + timedelta(days=1)


def limits(institution, **values):
    return AlertLimits.unscoped.create(institution=institution, changed_at=EVENING, **values)


def overdue(town, number, *, owner=None):
    """Loans that should have been back an hour ago."""
    owner = owner or town.renhe
    borrower = town.xihu if owner == town.renhe else town.renhe
    for _each in range(number):
        make.sharing_request(
            make.equipment(owner), borrower, state="underway",
            starts_at=MORNING - timedelta(hours=9), ends_at=MORNING - timedelta(hours=1),
            now=MORNING - timedelta(days=2),
        )  # fmt: skip


def utilised(town, percent):
    numbers(town.renhe, offered=100 * HOUR, booked=percent * HOUR)


@pytest.fixture
def town(db):
    renhe, xihu = make.institution("renhe"), make.institution("xihu")
    town = SimpleNamespace(renhe=renhe, xihu=xihu)
    town.head = make.user(at=renhe, role=Role.HEAD, language="zh-hans")
    town.coordinator = make.user(at=renhe, role=Role.COORDINATOR)
    town.viewer = make.user(at=renhe, role=Role.VIEWER)
    town.other = make.user(at=xihu, role=Role.COORDINATOR)
    town.official = make.city_user()
    counted(renhe, xihu, last=DAY)
    return town
