"""A device, who borrows it, and when."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import make


@pytest.fixture
def start():
    return timezone.now() + timedelta(hours=24)


@pytest.fixture
def device():
    return make.equipment(make.institution("owner"))


@pytest.fixture
def borrower():
    return make.institution("borrower")
