"""The people and the device that every action here is about."""

import pytest
from django.utils import timezone

from tests import make


@pytest.fixture
def now():
    return timezone.now().replace(minute=0, second=0, microsecond=0)


@pytest.fixture
def official(db):
    return make.city_user()


@pytest.fixture
def city(now):
    """Owner with a ventilator on offer, borrower, and their people."""
    owner, borrower = make.institution("owner"), make.institution("borrower")
    resource = make.equipment(owner, last_safety_test=now.date())
    make.offer(resource, now=now)

    class City:
        pass

    city = City()
    city.owner, city.borrower, city.resource = owner, borrower, resource
    city.asker = make.user(at=borrower, role="coordinator")
    city.approver = make.user(at=owner, role="approver")
    city.lender = make.user(at=owner, role="coordinator")
    city.engineer = make.user(at=owner, role="biomedical_engineer")
    return city
