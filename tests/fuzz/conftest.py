"""Two marked institutions that deal with each other, and a stranger."""

from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from demo.canaries import plant_canaries
from medshare_portal.roles import Role
from resources.models import Competency
from tests import make


@pytest.fixture
def marked_city(db):
    """``a`` and ``b`` are marked (CANARY-A, CANARY-B); ``stranger`` deals with nobody."""
    make.category("ventilator")
    make.category("protocol", kind="information")
    make.category("A", kind="medicine")
    make.staff.profession()
    make.code("guideline", system="info-type")
    if not Competency.objects.exists():
        Competency.objects.create(code="icu", name_en="Intensive care", name_zh="重症")
    a, b = plant_canaries(now=timezone.now(), password=make.PASSWORD)
    stranger = make.institution("stranger")
    roles = [role for role in Role if role not in Role.CITY_ROLES]
    people = {
        nest.institution.slug: make.user(at=nest.institution, roles=roles) for nest in (a, b)
    } | {"stranger": make.user(at=stranger, roles=roles)}
    return SimpleNamespace(a=a, b=b, stranger=stranger, people=people)


@pytest.fixture
def browser_of(marked_city):
    """A function: a client, signed in as a person with every role at the institution."""

    def browser(slug):
        client = Client(raise_request_exception=False)
        client.force_login(
            marked_city.people[slug], backend="medshare_portal.backends.PortalBackend"
        )
        return client

    return browser
