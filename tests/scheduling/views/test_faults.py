"""Reporting a fault on the page, and what both sides see of it."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from medshare_portal import notices
from medshare_portal.models import Notification
from resources.models import Equipment
from scheduling.models import SharingRequest, TransitionLog
from tests import make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
SAID = {"what": "Alarm 42, no pressure.", "harm": "no", "stopped": "yes"}


@pytest.fixture
def loan():
    now = timezone.now()
    device = make.equipment(make.institution("owner"), last_safety_test=now.date())
    make.offer(device)
    borrower = make.institution("borrower")
    return make.sharing_request(
        device,
        borrower,
        state="underway",
        by=make.user(at=borrower, role="coordinator"),
        starts_at=now - 5 * HOUR,
        ends_at=now + 5 * HOUR,
    )


def report(client, loan, **changes):
    client.force_login(loan.created_by)
    fields = {"idempotency_key": "fault-test-00001"} | SAID | changes
    return client.post(f"/at/borrower/requests/{loan.pk}/fault/", fields)


def test_the_borrower_reports_and_both_sides_see_it_on_the_request(client, loan):
    assert report(client, loan).status_code == 302
    people = {"borrower": loan.created_by, "owner": make.user(at=loan.owner, role="approver")}
    for slug, person in people.items():
        client.force_login(person)
        with translation.override("en"):
            page = client.get(f"/at/{slug}/requests/{loan.pk}/")
        assert page.context["on_hold"] is True
        [fault] = page.context["story"].faults
        assert (fault.text, fault.harm, fault.stopped) == (SAID["what"], False, True)
        assert "On hold: fault reported" in page.content.decode()


def test_the_owners_page_of_the_device_says_out_of_order_and_in_which_booking(client, loan):
    report(client, loan)
    client.force_login(make.user(at=loan.owner, role="coordinator"))
    with translation.override("en"):
        page = client.get(f"/at/owner/resources/{loan.resource_id}/").content.decode()
    assert "Out of order" in page
    assert loan.reference in page
    assert SAID["what"] not in page
    told = client.get(f"/at/owner/requests/{loan.pk}/").content.decode()
    assert SAID["what"] in told
    client.force_login(loan.created_by)
    theirs = client.get(f"/at/borrower/resources/{loan.resource_id}/").content.decode()
    assert SAID["what"] not in theirs


def test_whoever_checks_it_after_its_return_reads_the_fault_first(client, loan):
    report(client, loan)
    now = timezone.now()
    SharingRequest.unscoped.filter(pk=loan.pk).update(
        state="finished", actual_ends_at=now, due_at=now + 48 * HOUR
    )
    client.force_login(make.user(at=loan.owner, role="biomedical_engineer"))
    page = client.get(f"/at/owner/requests/{loan.pk}/post-check/")
    assert [row.text for row in page.context["faults"]] == [SAID["what"]]
    assert SAID["what"] in page.content.decode()


def test_an_answer_that_is_missing_is_asked_for_and_nothing_is_written(client, loan):
    answer = report(client, loan, harm="")
    assert answer.status_code == 422
    assert "harm" in answer.context["form"].errors
    assert Equipment.unscoped.get(pk=loan.resource_id).status == "operational"
    assert not TransitionLog.objects.of(loan).faults().exists()


def test_a_number_of_a_patient_is_refused_beside_the_field(client, loan):
    answer = report(client, loan, what="Patient 11010519491231002X")
    assert answer.status_code == 422
    assert "what" in answer.context["form"].errors


def test_the_notice_is_mailed_at_once_and_leads_to_the_request(client, loan):
    approver = make.user(at=loan.owner, role="approver")
    report(client, loan)
    told = Notification.unscoped.get(event="fault-reported", user=approver)
    row = notices.registry[told.event]
    assert row.urgent
    assert row.url(told) == f"/at/owner/requests/{loan.pk}/"
    with translation.override("en"):
        assert SAID["what"] in notices.render(told)["body"]
