"""A lot with stock, its owner, and the pharmacist who works with it."""

import pytest
from django.utils import timezone

from tests import make


@pytest.fixture
def owner():
    return make.institution("owner")


@pytest.fixture
def lot(owner):
    return make.medicine_lot(owner, stock=10)


@pytest.fixture
def pharmacist(owner):
    return make.user(at=owner, role="pharmacist")


@pytest.fixture
def now():
    return timezone.now()
