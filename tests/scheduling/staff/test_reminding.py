"""Reminding of an invitation: who is told, how often, by whom, and where it is offered."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from medshare_portal.models import AuditEvent, Notification
from scheduling.actions import sign_offs
from scheduling.actions._lock import NotYours
from scheduling.actions._move import IllegalTransition
from scheduling.actions.requests import withdraw
from scheduling.kinds.staff.actions.reminding import RemindedAlready, remind
from scheduling.models import StaffMail
from tests import make
from tests.scheduling.staff.test_pages import KEY, need

HOUR = timedelta(hours=1)


@pytest.fixture
def invited(lending):
    return lending.invite()


def reminded():
    rows = Notification.unscoped.filter(event="staff-reminded").order_by("user__username")
    return [notice.user.username for notice in rows]


def letters():
    return list(StaffMail.unscoped.order_by("pk").values_list("event", flat=True))


def test_the_person_gets_a_letter_and_whoever_has_not_answered_a_notice(lending, invited):
    remind(sharing_request=invited, by=lending.head, now=lending.now + HOUR)
    assert letters() == ["invited", "reminded"]
    assert reminded() == ["manager.home", "manager.host"]
    assert AuditEvent.unscoped.filter(action="request.remind", chain="home").count() == 1
    assert AuditEvent.unscoped.filter(action="request.remind", chain="host").count() == 1


def test_who_has_answered_is_left_alone(lending, invited):
    sign_offs.give(
        sharing_request=invited, part="person", by=None, now=lending.now, signed_name="RN"
    )
    sign_offs.give(sharing_request=invited, part="host", by=lending.credentialing, now=lending.now)
    remind(sharing_request=invited, by=lending.head, now=lending.now + HOUR)
    assert letters() == ["invited"]
    assert reminded() == ["manager.home"]


def test_nobody_is_reminded_twice_within_four_hours(lending, invited):
    remind(sharing_request=invited, by=lending.head, now=lending.now)
    with pytest.raises(RemindedAlready):
        remind(sharing_request=invited, by=lending.head, now=lending.now + 3.9 * HOUR)
    remind(sharing_request=invited, by=lending.head, now=lending.now + 4 * HOUR)
    assert letters() == ["invited", "reminded", "reminded"]


def test_only_who_may_ask_at_the_host_reminds(lending, invited):
    for stranger in (lending.manager, make.user("viewer", at=lending.host, role="viewer")):
        with pytest.raises(NotYours):
            remind(sharing_request=invited, by=stranger, now=lending.now)


def test_what_waits_no_longer_is_not_reminded_of(lending, invited):
    withdraw(sharing_request=invited, by=lending.head, now=lending.now)
    with pytest.raises(IllegalTransition):
        remind(sharing_request=invited, by=lending.head, now=lending.now)
    assert "reminded" not in letters()


def test_the_list_shows_an_invitation_that_waits_and_leads_to_the_reminder(
    lending, invited, client
):
    client.force_login(lending.head)
    page = need(client, lending).text
    assert "Invited, waits for consents" in page
    [link] = re.findall(r'href="(/at/host/staff/engagements/\d+/remind/)"', page)
    assert not re.search(r"/staff/\d+/invite/", page)
    shown = client.get(link).text
    assert "Still waits for: Consent of the person" in shown
    assert client.post(link, KEY).status_code == 302
    assert letters() == ["invited", "reminded"]
    again = client.post(link, {"idempotency_key": "another-key-of-a-form"})
    assert again.status_code == 409
    assert "They were reminded less than 4 hours ago." in again.text


def test_the_page_of_the_request_offers_it_to_the_host_only(lending, invited, client):
    address = reverse("scheduling:staff-remind", args=["host", invited.pk])
    client.force_login(lending.head)
    assert address in client.get(f"/at/host/requests/{invited.pk}/").text
    client.force_login(lending.manager)
    assert "/remind/" not in client.get(f"/at/home/requests/{invited.pk}/").text
    elsewhere = reverse("scheduling:staff-remind", args=["home", invited.pk])
    assert client.get(elsewhere).status_code == 404
