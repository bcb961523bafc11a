import pytest
from django.utils import timezone

from tests import make


@pytest.fixture
def now():
    return timezone.now().replace(minute=0, second=0, microsecond=0)


@pytest.fixture
def city(now, db):
    """Three owners with a device each; one asks."""
    return make.basket_city(now)
