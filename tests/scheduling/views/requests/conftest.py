"""A device on offer, its owner and who borrows it."""

import pytest
from django.utils import timezone

from tests import make


@pytest.fixture
def now():
    return timezone.now().replace(minute=0, second=0, microsecond=0)


@pytest.fixture
def owner(db):
    return make.institution("renhe")


@pytest.fixture
def borrower(db):
    return make.institution("dongbei")


@pytest.fixture
def device(owner):
    device = make.equipment(owner, last_safety_test=timezone.now().date())
    make.offer(device)
    return device
