"""An approver goes away: the deputy learns what waits, and approves by the link of the mail."""

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from medshare_portal.models import Notification
from scheduling.actions import requests
from scheduling.models import SharingRequest
from tests import make
from tests.journeys.people import Person, sign_in

pytestmark = pytest.mark.browser
HOUR = timedelta(hours=1)
LINK = re.compile(r"https?://[^/\s]+(/answer/\S+)")


@pytest.fixture
def desk(portal):
    class Desk:
        owner, borrower = make.institution("renhe"), make.institution("dongbei")

    desk = Desk()
    desk.portal = portal
    desk.device = make.equipment(desk.owner, last_safety_test=timezone.localdate())
    make.offer(desk.device)
    desk.deputy = make.user(
        "deputy", at=desk.owner, role="viewer", language="zh-hans", email="deputy@example.org"
    )
    return desk


def ask(desk, hours):
    now = timezone.now()
    starts_at = now + hours * HOUR
    terms = requests.RequestTerms(
        starts_at=starts_at, ends_at=starts_at + HOUR, purpose="Cover", agreement_accepted=True
    )
    asker = make.user(at=desk.borrower, role="coordinator")
    with transaction.atomic():
        return requests.ask(
            resource=desk.device, borrower=desk.borrower, terms=terms, by=asker, now=now
        )


def letters_to_the_deputy(desk) -> list[str]:
    """After the jobs have run, the oldest first."""
    desk.portal.manage("jobs", "--once")
    flat = [mail.replace("=\n", "").replace("=3D", "=") for mail in desk.portal.mails()]
    return [mail for mail in flat if "deputy@example.org" in mail]


def test_absence_then_the_deputy_approves_by_the_link_of_the_mail(open_page, axe, desk):
    before = ask(desk, 30)
    absent = Person(open_page, desk.owner, roles=["approver"], language="en", name="approver")
    page = absent.go("portal:absence-enter")
    axe(page)
    today = timezone.localdate().isoformat()
    page.select_option("[name=deputy]", label=str(desk.deputy))
    page.fill("[name=from_day]", today)
    page.fill("[name=until_day]", today)
    absent.submit("main form")
    letters_to_the_deputy(desk)
    told = Notification.unscoped.get(user=desk.deputy, event="absence.waiting")
    assert told.context["number"] == 1
    later = ask(desk, 40)
    letter = letters_to_the_deputy(desk)[-1]
    phone = sign_in(open_page(language="zh-hans", phone=True), "deputy")
    phone.goto(LINK.search(letter)[1])
    assert phone.url.endswith(reverse("answer"))
    axe(phone)
    with phone.expect_navigation():
        phone.locator("button[name=answer][value=yes]").click()
    found = SharingRequest.unscoped.get(pk=later.pk)
    assert (found.state, found.decided_by) == ("approved", desk.deputy)
    assert found.transitions.latest("pk").data["deputy_for"] == str(absent.user)
    assert SharingRequest.unscoped.get(pk=before.pk).state == "requested"
