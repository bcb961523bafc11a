"""Who is told of what, against a table written by hand."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from medshare_portal import mailing
from medshare_portal import notices as portal_notices
from medshare_portal.models import Notification
from scheduling import notices
from scheduling.actions import changes
from scheduling.kinds import USUAL_STEPS, kinds
from tests import make

HOUR = timedelta(hours=1)
# Step → code of its notice and the sides that it tells.
TOLD = {
    "ask": ("request-asked", {"owner"}),
    "submit": ("request-asked", {"owner"}),
    "approve": ("request-approved", {"borrower"}),
    "approve_by_city": ("approved-by-city", {"owner", "borrower"}),
    "auto_approve": ("request-approved", {"borrower"}),
    "counter": ("request-countered", {"borrower"}),
    "accept_counter": ("counter-answered", {"owner"}),
    "refuse_counter": ("counter-answered", {"owner"}),
    "decline": ("request-declined", {"borrower"}),
    "withdraw": ("request-withdrawn", {"owner"}),
    "cancel": ("booking-cancelled", {"owner", "borrower"}),
    "cancel_by_owner": ("booking-cancelled", {"owner", "borrower"}),
    "lapse": ("request-lapsed", {"borrower"}),
    "release": ("basket-item-released", {"owner"}),
    "release_booking": ("basket-item-released", {"owner"}),
    "no_show": ("booking-no-show", {"owner", "borrower"}),
    "give_handover": ("handover-receipt", {"borrower"}),
    "give_return": ("return-receipt", {"owner"}),
    "hand_over": ("handed-over", {"owner"}),
    "return": ("returned", {"owner"}),
    "close": ("request-closed", {"borrower"}),
    "ask_extension": ("extension-asked", {"owner"}),
    "extend": ("extension-agreed", {"borrower"}),
    "refuse_extension": ("extension-refused", {"borrower"}),
    "report_fault": ("fault-reported", {"owner"}),
    "lapse_extension": ("extension-lapsed", {"owner", "borrower"}),
    "recall": ("recalled", {"borrower"}),
    "shortening": ("shortened", {"owner"}),
    "change_hours": ("hours-changed", {"owner"}),
    "suspend": ("request-on-hold", {"owner", "borrower"}),
    "resume": ("request-released", {"owner", "borrower"}),
    "sign_off_given": ("consent-answered", {"owner", "borrower"}),
    "sign_off_refused": ("consent-answered", {"owner", "borrower"}),
}
URGENT = {
    "city-reminds",
    "time-taken",
    "approved-by-city",
    "fault-reported",
    "booking-cancelled",
    "recalled",
    "overdue",
    "booking-at-risk",
    "basket-item-released",
    "request-on-hold",
    "device-down",
    "device-back",
}


def test_each_step_tells_the_sides_that_the_table_says():
    rows = {row.code: row for row in notices.NOTICES}
    found = {step: (code, set(rows[code].to)) for step, code in notices.BY_STEP.items()}
    assert found == TOLD


def test_every_transition_that_every_kind_has_tells_somebody():
    assert set(TOLD) >= USUAL_STEPS


def test_a_transition_of_one_kind_has_that_kinds_own_notice():
    for kind in kinds:
        for step in kind.steps - USUAL_STEPS:
            assert kind.notices[step] in portal_notices.registry


def test_what_cannot_wait_for_the_digest_is_urgent():
    assert {row.code for row in notices.NOTICES if row.urgent} == URGENT


def test_every_notice_is_registered_and_has_chinese_texts():
    for row in notices.NOTICES:
        assert portal_notices.registry[row.code] is row
        for text in (row.label, row.subject, row.body):
            with translation.override("zh-hans"):
                chinese = str(text)
            assert chinese != str(text)


@pytest.mark.django_db
def test_a_notice_leads_to_its_request_and_matters_while_it_waits():
    owner, borrower = make.institution("owner"), make.institution("borrower")
    approver = make.user(at=owner, role="approver")
    asked = make.sharing_request(make.equipment(owner), borrower)
    notices.tell(asked, "ask", by=asked.created_by, now=timezone.now())
    [told] = Notification.unscoped.all()
    row = portal_notices.registry[told.event]
    assert (told.user, told.event) == (approver, "request-asked")
    assert row.url(told) == reverse("scheduling:request-detail", args=["owner", asked.pk])
    assert row.still_relevant(told)
    type(asked).unscoped.filter(pk=asked.pk).update(
        state="withdrawn", due_at=None, ended_at=timezone.now() + timedelta(hours=1)
    )
    assert not row.still_relevant(told)


@pytest.mark.django_db
def test_the_notice_of_a_recall_names_what_can_be_asked_for_instead(client, settings):
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    owner, borrower = make.institution("owner"), make.institution("borrower")
    device = make.equipment(owner)
    make.offer(device, now=now)
    spare = make.equipment(make.institution("spare"), code="SPARE-1", last_safety_test=now.date())
    make.offer(spare, now=now)
    booked = make.sharing_request(
        device, borrower, state="approved", starts_at=now + 24 * HOUR, ends_at=now + 90 * HOUR
    )
    approver = make.user(at=owner, role="approver")
    changes.recall(
        sharing_request=booked, new_ends_at=now + 60 * HOUR, reason="x", by=approver, now=now
    )
    told = Notification.unscoped.get(event="recalled")
    [link] = portal_notices.render(told)["links"]
    assert link["label"].startswith(f"Ask instead for {spare.name} SPARE-1 of ")
    with translation.override("zh-hans"):
        assert spare.name_zh in portal_notices.render(told)["links"][0]["label"]
    [mailed] = mailing.message_of(told)["links"]
    assert mailed["url"] == settings.PORTAL_URL + link["url"]
    client.force_login(booked.created_by)
    assert link["url"] in client.get("/account/notifications/").content.decode().replace(
        "&amp;", "&"
    )
    form = client.get(link["url"]).context["form"]
    assert (form["starts_at"].initial, form["ends_at"].initial) == (
        now + 60 * HOUR,
        now + 90 * HOUR,
    )


@pytest.mark.django_db
def test_an_emergency_under_a_crisis_is_marked_before_its_subject():
    owner, borrower = make.institution("owner"), make.institution("borrower")
    make.user(at=owner, role="approver")
    crisis = make.crisis(owner, borrower)
    asked = make.sharing_request(make.equipment(owner), borrower, priority="stat", crisis=crisis)
    notices.tell(asked, "ask", by=asked.created_by, now=timezone.now())
    [told] = Notification.unscoped.filter(event="request-asked")
    marks = f"Emergency · Crisis CR-{crisis.pk} · {asked.reference}: "
    assert portal_notices.render(told)["subject"].startswith(marks)
    with translation.override("zh-hans"):
        assert "Emergency" not in portal_notices.render(told)["subject"]
