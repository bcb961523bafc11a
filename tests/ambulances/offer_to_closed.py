"""Run by ``test_a_fifth_kind.py`` with the settings beside this file: HTTP only, page by page."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from resources.models import Resource
from scheduling.models import SharingRequest
from scheduling.states import State
from tests import make
from tests.make.catalogue import category

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")
KEYS = iter(range(10**6, 10**7))


def typed(moment) -> str:
    return moment.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")


def sent(client, address, **fields):
    """Post what the page's form holds, with these values; the answer leads on."""
    page = client.get(address)
    assert page.status_code == 200, (address, page.status_code)
    answer = client.post(address, {"idempotency_key": f"{next(KEYS):032d}"} | fields)
    assert answer.status_code == 302, re.findall(r"errorlist.*?</", answer.text)[:5]
    return answer.headers["Location"]


@pytest.fixture
def places():
    owner, borrower = make.institution("renhe"), make.institution("chengbei")
    category("ambulance", kind="ambulance", primary_code=None)
    return owner, borrower


def person(client, institution, role):
    client.force_login(make.user(at=institution, role=role))
    return f"/at/{institution.slug}"


def offered(client, owner, **detail) -> Resource:
    """Registered and offered on the pages that every kind shares."""
    at = person(client, owner, "coordinator")
    fields = {
        "name_en": "Ambulance 7",
        "code": "V-7",
        "category": str(category("ambulance", kind="ambulance").pk),
        "site": str(owner.sites.get().pk),
        "units": "1",
        "condition": "good",
        "detail-plate": "A 12345",
        "detail-stretchers": "2",
    } | {f"detail-{name}": value for name, value in detail.items()}
    sent(client, f"{at}/resources/new/ambulance/", **fields)
    vehicle = Resource.unscoped.get(kind="ambulance")
    page = client.get(f"{at}/resources/{vehicle.pk}/offer/")
    form = page.context["form"]
    values = {name: form[name].value() for name in form.fields}
    plain = {name: value for name, value in values.items() if value not in (None, "", [])}
    whole_days = {name: value for day in range(7) for name, value in _whole_day(day).items()}
    sent(
        client, f"{at}/resources/{vehicle.pk}/offer/", **plain | whole_days | {"notice_hours": "0"}
    )
    return vehicle


def _whole_day(day) -> dict:
    """One window from midnight to midnight in the place of what the form suggests."""
    one = {f"w{day}a_starts": "00:00", f"w{day}a_ends": "00:00"}
    return one | {f"w{day}b_starts": "", f"w{day}b_ends": ""}


def asked(client, borrower, vehicle, starts_at) -> SharingRequest:
    at = person(client, borrower, "coordinator")
    ends_at = starts_at + timedelta(hours=3)
    span = f"starts_at={typed(starts_at)}&ends_at={typed(ends_at)}"
    found = client.get(f"{at}/find/?kind=ambulance&what=ambulance&{span}")
    assert "V-7" in found.text
    sent(
        client,
        f"{at}/resources/{vehicle.pk}/request/",
        starts_at=typed(starts_at),
        ends_at=typed(ends_at),
        units="1",
        priority="routine",
        purpose="Ours is in repair.",
        mode="loan",
        delivery_site=str(borrower.sites.get().pk),
        transport="borrower",
        agreement_accepted="on",
    )
    return SharingRequest.unscoped.get(resource=vehicle)


def test_an_ambulance_goes_from_offer_to_closed(client, places):
    owner, borrower = places
    vehicle = offered(client, owner, in_service="on")
    starts_at = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=2)
    request = asked(client, borrower, vehicle, starts_at)
    assert request.reference == f"AM-{request.pk}"
    row = f"requests/{request.pk}"
    at = person(client, owner, "approver")
    assert request.reference in client.get(f"{at}/inbox/").text
    decision = {"decision": "approve", "version": str(request.version)}
    sent(client, f"{at}/{row}/decide/", **decision)
    at = person(client, owner, "coordinator")
    ticked = {"check_fuel": "on", "receiver_name": "Li Na"}
    page = client.get(f"{at}/{row}/handover/").text
    assert "Fuel is full" in page
    assert "Decontamination" not in page
    sent(client, f"{at}/{row}/handover/", **ticked)
    at = person(client, borrower, "coordinator")
    assert "On the road" in client.get(f"{at}/{row}/").text
    sent(client, f"{at}/{row}/return/", receiver_name="Wang Wei")
    at = person(client, owner, "coordinator")
    sent(client, f"{at}/{row}/post-check/", condition_note="As it went.")
    assert SharingRequest.unscoped.get(pk=request.pk).state == State.CLOSED
    for page in ("", "lending/", "calendar/?view=week", "audit/"):
        reader = person(client, owner, "approver")
        assert client.get(f"{reader}/{page}").status_code == 200, page


def test_the_rule_of_the_kind_stands_beside_the_others(client, places):
    owner, borrower = places
    vehicle = offered(client, owner)
    at = person(client, borrower, "coordinator")
    starts_at = timezone.now() + timedelta(hours=30)
    span = f"starts_at={typed(starts_at)}&ends_at={typed(starts_at + timedelta(hours=2))}"
    page = client.get(f"{at}/resources/{vehicle.pk}/request/?{span}").text
    assert "It is not in service." in page


def test_people_without_a_right_over_ambulances_only_look(client, places):
    owner, _borrower = places
    vehicle = offered(client, owner, in_service="on")
    at = person(client, owner, "biomedical_engineer")
    assert client.get(f"{at}/resources/{vehicle.pk}/").status_code == 200
    assert client.get(f"{at}/resources/{vehicle.pk}/edit/").status_code == 403
