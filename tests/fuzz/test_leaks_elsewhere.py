"""What is somebody's alone leaks neither to the city, nor to guests, nor by guessed addresses,
exports or mails."""

from itertools import product

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from medshare_portal import mailing
from medshare_portal.visibility import Reader
from resources.models import Resource
from scheduling import answer_links
from scheduling.models import AccessEvent, SharingRequest
from scheduling.states import State
from tests import make
from tests.fuzz import addresses
from tests.fuzz.test_leaks import crawl, forbidden, held, leaks, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]
KINDS = ("equipment", "medicine", "information", "staff")
EXPORTS = ("resources:resource-export", "scheduling:lending-export", "scheduling:borrowing-export")


def numbers_of(nest) -> list[int]:
    """Of each kind a resource and a request, and a look."""
    institution = nest.institution
    rows = [
        *Resource.unscoped.filter(institution=institution).order_by("kind", "-pk"),
        *SharingRequest.unscoped.filter(owner=institution).order_by("kind", "-pk"),
    ]
    one_of_each = {(type(row), row.kind): row.pk for row in rows}
    looks = AccessEvent.unscoped.filter(institution=institution).values_list("pk", flat=True)
    return sorted({*one_of_each.values(), *looks[:1]})  # some numbers are of two things


def opened(client, slug, numbers):
    """(address, text) of every address of an institution with these numbers in it."""
    for route in sorted(set(addresses.patterns())):
        if not route.endswith("sign-out/"):
            for address in addresses.filled(route, slug, numbers):
                yield address, text_of(client.get(address))


def found(pages, marks) -> set[tuple]:
    return {(address, mark) for address, text in pages for mark in held(text, marks)}


def test_the_city_reads_no_more_than_the_contract_says(marked_city):
    client = Client()
    client.force_login(make.city_user())
    marks = forbidden("A", Reader.CITY) | forbidden("B", Reader.CITY)
    assert len(marks) > 100
    assert leaks(client, reverse("city:home"), marks) == set()


def test_what_nobody_reads_is_not_its_owners_either(marked_city, browser_of):
    marks = forbidden("A", *Reader)
    assert "CANARY-A-staffmember-licence_digest" in marks or marks
    assert leaks(browser_of("canary-a"), "/at/canary-a/", marks) == set()


def test_a_guest_reads_nothing(marked_city):
    numbers = numbers_of(marked_city.a)
    assert len(numbers) >= 7
    marks = {"CANARY-A-", "CANARY-B-"}
    pages = list(opened(Client(), "canary-a", numbers[:3]))
    labels = ("/institutions/", "/label", "/e/")  # public by design: names, and codes on devices
    pages = [(address, text) for address, text in pages if not any(p in address for p in labels)]
    assert found(pages, marks) == set()


def test_a_stranger_who_guesses_addresses_finds_nothing(marked_city, browser_of):
    marks = forbidden("A", Reader.OTHERS)
    pages = opened(browser_of("stranger"), "stranger", numbers_of(marked_city.a))
    assert found(pages, marks) == set()


def test_a_counterpart_who_guesses_addresses_finds_nothing(marked_city, browser_of):
    marks = forbidden("B", Reader.COUNTERPART, Reader.OTHERS)
    pages = opened(browser_of("canary-a"), "canary-a", numbers_of(marked_city.b))
    assert found(pages, marks) == set()


@pytest.mark.parametrize("name", EXPORTS)
def test_exports_hold_what_their_reader_may_know(marked_city, browser_of, name):
    for kind, file_format in product(KINDS, ("csv", "xlsx")):
        _exported(marked_city, browser_of, name, kind, file_format)


def _exported(marked_city, browser_of, name, kind, file_format):
    key = {"idempotency_key": f"a-key-of-{kind}-{file_format}", "format": file_format}
    for slug, marks in (
        ("canary-a", forbidden("B", Reader.COUNTERPART, Reader.OTHERS)),
        ("stranger", forbidden("A", Reader.OTHERS) | forbidden("B", Reader.OTHERS)),
    ):
        address = f"{reverse(name, args=[slug])}?kind={kind}&scope=all&tab=all"
        answer = browser_of(slug).post(address, key)
        assert answer.status_code == 200
        assert found([(address, text_of(answer))], marks) == set()


def test_a_mail_holds_what_its_reader_may_know(marked_city):
    assert mailing.send_waiting(now=timezone.now()) > 4
    marks = {
        "A": forbidden("B", Reader.COUNTERPART, Reader.OTHERS),
        "B": forbidden("A", Reader.COUNTERPART, Reader.OTHERS),
    }
    told = [(message.to[0], f"{message.subject}\n{message.body}") for message in mail.outbox]
    assert {to[: len("CANARY-A")] for to, _text in told} == {"CANARY-A", "CANARY-B"}
    assert any("CANARY" in text for _to, text in told)
    leaked = {(to, mark) for to, text in told for mark in held(text, marks[to[7]])}
    assert leaked == set()


def test_the_page_of_an_e_mails_link_shows_what_its_reader_may_know(marked_city):
    """On either side: a request to decide, a counter-offer to answer."""
    waits = [("approve", State.REQUESTED, "owner"), ("accept_counter", State.COUNTERED, "borrower")]
    opened = 0
    for step, state, side in waits:
        for row in SharingRequest.unscoped.filter(state=state, kind="equipment"):
            here, letter = getattr(row, side), getattr(row, side).slug[-1].upper()
            client, reader = Client(), marked_city.people[here.slug]
            client.force_login(reader, backend="medshare_portal.backends.PortalBackend")
            page = client.get(answer_links.path_for(step, row, reader.pk), follow=True)
            marks = forbidden("AB".strip(letter), Reader.COUNTERPART, Reader.OTHERS)
            assert (page.status_code, held(page.text, marks)) == (200, set())
            assert row.reference in page.text
            opened += 1
    assert opened > 1


def test_the_content_of_information_is_on_no_page_at_all(marked_city, browser_of):
    """It leaves by a look, and no page that a crawl opens is one."""
    marks = {"CANARY-A-sharedfile-content", "canary.example/CANARY-A-informationasset-endpoint"}
    for slug in ("canary-b", "stranger"):
        assert found(crawl(browser_of(slug), f"/at/{slug}/"), marks) == set()
