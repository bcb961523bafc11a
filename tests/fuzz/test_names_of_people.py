"""Who reads a person's name: the home employer always, the host from the booking on, nobody else."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from medshare_portal import mailing
from scheduling.kinds.staff.actions.mailing import mail_letters
from scheduling.models import SharingRequest
from scheduling.states import State
from tests import make
from tests.fuzz.test_leaks import crawl, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]
NAME = "CANARY-B-staffmember-person_name"


@pytest.fixture
def invited(marked_city) -> SharingRequest:
    """A person of B at A; of the two marked institutions only this one request is about B's."""
    return SharingRequest.unscoped.get(kind="staff", owner=marked_city.b.institution)


@pytest.fixture
def booked(invited) -> SharingRequest:
    by = make.user("decider", at=invited.owner, role="staffing_manager")
    SharingRequest.unscoped.filter(pk=invited.pk).update(
        state=State.APPROVED, decided_at=timezone.now(), decided_by=by, due_at=None
    )
    return SharingRequest.unscoped.get(pk=invited.pk)


def pages_with_the_name(client, start) -> set[str]:
    return {address for address, text in crawl(client, start) if NAME in text}


def exports_with_the_name(client, slug) -> set[str]:
    names = (
        "resources:resource-export",
        "scheduling:lending-export",
        "scheduling:borrowing-export",
    )
    found = set()
    for name in names:
        key = {"idempotency_key": f"a-key-of-{name}", "format": "csv"}
        answer = client.post(f"{reverse(name, args=[slug])}?kind=staff&scope=all&tab=all", key)
        assert answer.status_code == 200
        if NAME in text_of(answer):
            found.add(name)
    return found


def test_before_the_booking_only_the_home_employer_reads_it(invited, browser_of):
    home, host = browser_of("canary-b"), browser_of("canary-a")
    assert f"/at/canary-b/requests/{invited.pk}/" in pages_with_the_name(home, "/at/canary-b/")
    assert pages_with_the_name(host, "/at/canary-a/") == set()
    assert exports_with_the_name(host, "canary-a") == set()


def test_from_the_booking_on_the_host_reads_it_on_the_pages_of_the_shift(booked, browser_of):
    shift = f"/at/canary-a/requests/{booked.pk}/"
    check_in = reverse("scheduling:staff-check-in", args=["canary-a", booked.pk])
    found = pages_with_the_name(browser_of("canary-a"), "/at/canary-a/")
    assert shift in found
    assert found <= {shift, check_in}
    assert exports_with_the_name(browser_of("canary-a"), "canary-a") == set()


@pytest.mark.parametrize("reader", ["stranger", "city", "guest"])
def test_nobody_else_reads_it_even_then(booked, browser_of, reader):
    official, start = Client(), f"/at/canary-a/requests/{booked.pk}/"
    if reader == "city":
        official.force_login(make.city_user())
        start = reverse("city:home")
    client = browser_of("stranger") if reader == "stranger" else official
    assert pages_with_the_name(client, start) == set()
    start = "/at/stranger/" if reader == "stranger" else "/"
    assert pages_with_the_name(client, start) == set()


def test_no_mail_says_it(booked):
    mailing.send_waiting(now=timezone.now())
    mail_letters(now=timezone.now())
    assert len(mail.outbox) > 4
    assert [each.to for each in mail.outbox if NAME in f"{each.subject}{each.body}"] == []
