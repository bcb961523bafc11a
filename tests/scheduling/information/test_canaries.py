"""Content, reasons and names of a request are its two sides' alone, on every way out."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from medshare_portal import mailing
from scheduling.kinds.information.actions import glass, looking
from scheduling.models import AccessEvent
from tests import make
from tests.access.table import AT_CITY, AT_INSTITUTION
from tests.scheduling.information.conftest import HOME, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.once]
CONTENT, LINK = b"CANARYCONTENT,1\n2,3\n", "https://canary-link.example.org/x"
REASON, PERSON, GLASS = "CANARYREASON", "CANARYPERSON", "CANARYGLASS not able to say"
MARKS = [b"CANARYCONTENT", b"canary-link", b"CANARYREASON", b"CANARYPERSON", b"CANARYGLASS"]


@pytest.fixture
def marked(owner, borrower, clinician, ask, granted, now):
    """Requests full of marks: open, used, by breaking the glass."""
    clinician.full_name = PERSON
    clinician.save()
    asset = make.asset(owner, content=CONTENT, endpoint=LINK)
    opened = granted(resource=asset, reason=REASON)
    looking.look(sharing_request=opened, institution=borrower, by=clinician, address=HOME, now=now)
    ask(resource=make.asset(owner, content=CONTENT), reason=REASON)
    broken = glass.break_glass(
        resource=asset,
        borrower=borrower,
        purpose_of_use="BTG",
        recipient_role="physician",
        reason=GLASS,
        by=clinician,
        address=HOME,
        now=now,
    )
    return opened, broken


def addresses(slug, numbers):
    """Every page of an institution that takes no number, or one of these."""
    for row in AT_INSTITUTION:
        for kwargs in ({}, *({"pk": number} for number in numbers), {"kind": "information"}):
            try:
                yield reverse(row.name, kwargs={"institution": slug} | kwargs)
            except NoReverseMatch:
                continue
    yield reverse("resources:resource-list", args=[slug]) + "?kind=information"


def leaks(client, paths) -> list[tuple]:
    found = []
    for path in paths:
        response = client.get(path)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        found += [(path, mark) for mark in MARKS if mark in body]
    return found


def numbers_of(marked):
    opened, broken = marked
    looks = AccessEvent.unscoped.values_list("pk", flat=True)
    return {opened.pk, broken.pk, opened.resource_id, *looks}


def test_a_third_institution_reads_none_of_it(marked):
    third = make.institution("third")
    roles = ("coordinator", "approver", "information_steward", "viewer")
    client = signed_in(make.user(at=third, roles=roles))
    paths = list(addresses("third", numbers_of(marked)))
    assert len(paths) > 60
    assert leaks(client, paths) == []


def test_officials_and_strangers_read_none_of_it(marked):
    city = [reverse(row.name) for row in AT_CITY if not row.thing]
    assert leaks(signed_in(make.city_user()), city) == []
    paths = list(addresses("owner", numbers_of(marked)))
    assert leaks(Client(), paths) == []


def test_content_and_its_address_come_by_ones_own_look_only(marked, borrower, clinician):
    found = leaks(signed_in(clinician), addresses("borrower", numbers_of(marked)))
    by_look = {path for path, mark in found if mark in (b"CANARYCONTENT", b"canary-link")}
    assert by_look
    assert all("/information/looks/" in path for path in by_look)
    colleague = signed_in(make.user(at=borrower, roles=("coordinator", "information_steward")))
    found = leaks(colleague, addresses("borrower", numbers_of(marked)))
    assert {mark for _path, mark in found} <= {b"CANARYREASON", b"CANARYPERSON", b"CANARYGLASS"}
    assert b"CANARYREASON" in {mark for _path, mark in found}


def test_no_mail_carries_content_or_its_address(marked):
    assert mailing.send_waiting(now=timezone.now()) > 0
    text = "\n".join(message.body for message in mail.outbox)
    assert "CANARYCONTENT" not in text
    assert "canary-link" not in text


def test_exports_of_a_third_institution_hold_none_of_it(marked):
    home = make.institution("third")
    third = signed_in(make.user(at=home, roles=("coordinator", "information_steward")))
    for name in (
        "resources:resource-export",
        "scheduling:lending-export",
        "scheduling:borrowing-export",
    ):
        url = reverse(name, args=["third"]) + "?kind=information"
        response = third.post(url, {"format": "csv", "idempotency_key": "a-key-of-a-form-0001"})
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert [mark for mark in MARKS if mark in body] == []
