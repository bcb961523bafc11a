from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from tests import make
from tests.scheduling.rounds.city import City


@pytest.fixture
def now() -> datetime:
    return timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


@pytest.fixture
def owner(db):
    return make.institution("owner")


@pytest.fixture
def borrower(db):
    return make.institution("borrower")


@pytest.fixture
def run(db, now):
    return make.matching_run(now=now)


@pytest.fixture
def city(now, owner, borrower):
    return City(now, owner, borrower)
