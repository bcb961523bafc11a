"""What is somebody's alone shows on no page of figures, whatever the reader's role."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from medshare_portal.roles import Permission, Role, permissions_of
from medshare_portal.visibility import Reader
from reports.actions import rebuilding, usage
from tests import make
from tests.fuzz.test_leaks import forbidden, held, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]
OF_INSTITUTION = ("method", "scorecard", "all-figures", "register", "uses", "demand", "own-use",
                  "expiry", "staff-figures", "privacy")  # fmt: skip
OF_CITY = ("figures", "all-figures", "method", "register", "equity", "uses", "demand",
           "expiry", "staff-figures", "privacy")  # fmt: skip
HERE = [role for role in Role if role not in Role.CITY_ROLES]
CITY = [role for role in Role.CITY_ROLES if Permission.CITY_VIEW in permissions_of([role])]


@pytest.fixture
def counted(marked_city):
    """What the marked institutions did with each other is in facts and days."""
    now = timezone.now()
    assert usage.record_missing(now=now) > 4
    rebuilding.rebuild(first=now.date() - timedelta(days=40), last=now.date(), now=now)
    return marked_city


def reader(role, at=None) -> Client:
    client = Client(raise_request_exception=False)
    person = make.user(at=at, role=role)
    client.force_login(person, backend="medshare_portal.backends.PortalBackend")
    return client


def shown(client, addresses) -> dict[str, str]:
    """The pages that open, with the figures of days that hold something."""
    days = timezone.localdate() - timedelta(days=300), timezone.localdate()
    pages = {}
    for address in addresses:
        query = (
            f"period=own&first={days[0]}&last={days[1]}" if address.endswith("requests/") else ""
        )
        answer = client.get(f"{address}?{query}")
        assert answer.status_code in (200, 403), (address, answer.status_code)
        if answer.status_code == 200:
            pages[address] = text_of(answer)
    return pages


def leaked(pages, marks) -> set:
    return {(address, mark) for address, text in pages.items() for mark in held(text, marks)}


@pytest.mark.parametrize("role", HERE)
def test_each_role_of_an_institution_reads_its_own_side_only(counted, role):
    for here, marks in (
        (counted.a.institution, forbidden("B", Reader.COUNTERPART, Reader.OTHERS)),
        (counted.stranger, forbidden("A", Reader.OTHERS) | forbidden("B", Reader.OTHERS)),
    ):
        names = [reverse(f"reports:{name}", args=[here.slug]) for name in OF_INSTITUTION]
        pages = shown(reader(role, here), names)
        assert leaked(pages, marks) == set()
        if here == counted.a.institution and Permission.VIEW in permissions_of([role]):
            assert "CANARY-B" in pages[reverse("reports:uses", args=[here.slug])]


@pytest.mark.parametrize("role", CITY)
def test_each_role_of_the_city_reads_what_the_contract_says(counted, role):
    key = counted.a.institution.pk
    names = [reverse(f"city:{name}") for name in OF_CITY]
    names += [reverse(f"city:{name}", args=[key]) for name in ("scorecard", "all-figures-of")]
    pages = shown(reader(role), names)
    assert len(pages) == len(names)
    marks = forbidden("A", Reader.CITY) | forbidden("B", Reader.CITY)
    assert leaked(pages, marks) == set()
    assert "CANARY-A" in pages[reverse("city:uses")]
