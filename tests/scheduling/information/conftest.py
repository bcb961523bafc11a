"""A steward who owns, a clinician who asks, and the asset between them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from scheduling.kinds.information.actions import asking, deciding, looking
from scheduling.kinds.information.actions.asking import AccessTermsAsked
from tests import make

HOME = "127.0.0.1"


@pytest.fixture
def now():
    return timezone.now().replace(microsecond=0)


@pytest.fixture
def owner():
    return make.institution("owner")


@pytest.fixture
def borrower():
    return make.institution("borrower")


@pytest.fixture
def steward(owner):
    return make.user("steward.owner", at=owner, role="information_steward")


@pytest.fixture
def clinician(borrower):
    return make.user("clinician.borrower", at=borrower, role="coordinator")


@pytest.fixture
def asset(owner):
    return make.asset(owner)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def wanted(now, **changes):
    """A wish that every rule lets through."""
    values = {
        "purpose_of_use": "TREAT",
        "legal_basis": "none_needed",
        "recipient_role": "physician",
        "scope": (),
        "looks": 3,
        "until": now + timedelta(days=7),
        "reason": "The first hour of chest pain",
        "agreed": True,
    }
    return AccessTermsAsked(**values | changes)


@pytest.fixture
def ask(asset, borrower, clinician, now):
    def asked(resource=None, by=None, **changes):
        return asking.ask(
            resource=resource or asset,
            borrower=borrower,
            asked=wanted(now, **changes),
            by=by or clinician,
            now=now,
        )

    return asked


@pytest.fixture
def granted(ask, steward, now):
    """An approved request for so many looks."""

    def grant(looks=3, days=7, **changes):
        request = ask(looks=looks, **changes)
        return deciding.approve(
            sharing_request=request,
            until=now + timedelta(days=days),
            looks=looks,
            by=steward,
            now=now,
        )

    return grant


@pytest.fixture
def look(clinician, borrower, now):
    def tried(request, *, by=None, at=None, institution=None):
        return looking.look(
            sharing_request=request,
            institution=institution or borrower,
            by=by or clinician,
            address=HOME,
            now=at or now,
        )

    return tried
