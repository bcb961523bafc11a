"""A shift from the invitation to the confirmed hours: who must agree, who reads the name."""

from datetime import timedelta

import pytest
from django.core import mail

from medshare_portal import notices
from medshare_portal.models import AuditEvent, Notification
from scheduling.actions import clocks, decisions, overdue, sign_offs
from scheduling.actions._lock import NotYours
from scheduling.actions._move import ConsentMissing, IllegalTransition, OnHold, move
from scheduling.actions._rules import RulesBlock
from scheduling.deadlines import check_due
from scheduling.kinds.staff.actions import attendance
from scheduling.kinds.staff.actions.mailing import mail_letters
from scheduling.kinds.staff.actions.recheck import recheck
from scheduling.kinds.staff.queries.engagement import shown_name
from scheduling.models import SharingRequest, SignOff, StaffEngagement, StaffMail
from scheduling.states import Side, SignOffDecision, State, Suspension
from tests import make

SIGN = ("person", "home", "host")


def sign(lending, request, part):
    """Each side gives its consent in its own way."""
    request = SharingRequest.unscoped.get(pk=request.pk)
    values = {"sharing_request": request, "now": lending.now}
    if part == "home":
        return decisions.approve(by=lending.manager, **values)
    if part == "host":
        return sign_offs.give(part="host", by=lending.credentialing, **values)
    return sign_offs.give(part="person", by=None, signed_name=lending.nurse.code, **values)


def booked(lending):
    request = lending.invite()
    for part in SIGN:
        sign(lending, request, part)
    return SharingRequest.unscoped.get(pk=request.pk)


def moment_of(lending, hours):
    return lending.starts_at + timedelta(hours=hours)


def test_an_invitation_asks_three_and_writes_to_the_person(lending):
    request = lending.invite()
    assert request.state == State.REQUESTED
    waiting = SignOff.unscoped.filter(sharing_request=request)
    assert sorted(waiting.values_list("part", "decision")) == [
        ("home", "waiting"),
        ("host", "waiting"),
        ("person", "waiting"),
    ]
    assert [letter.event for letter in StaffMail.unscoped.all()] == ["invited"]


@pytest.mark.parametrize(
    "order",
    [("person", "home", "host"), ("host", "person", "home"), ("home", "host", "person")],
)
def test_the_last_of_three_consents_books_in_any_order(lending, order):
    """STF-04"""
    request = lending.invite()
    for number, part in enumerate(order):
        assert SharingRequest.unscoped.get(pk=request.pk).state == State.REQUESTED, number
        sign(lending, request, part)
    fresh = SharingRequest.unscoped.get(pk=request.pk)
    assert (fresh.state, fresh.decided_by) == (State.APPROVED, lending.manager)


def test_nothing_else_books_while_a_consent_is_missing(lending):
    """STF-04"""
    request = lending.invite()
    with pytest.raises(ConsentMissing):
        move(request, "approve", side=Side.OWNER, by=lending.manager, now=lending.now)
    with pytest.raises(IllegalTransition):
        move(request, "auto_approve", side=Side.SYSTEM, by=None, now=lending.now)
    with pytest.raises(NotYours):
        sign_offs.give(sharing_request=request, part="person", by=lending.manager, now=lending.now)


def test_who_invited_does_not_agree_for_the_home_employer(lending):
    make.grant(lending.head, "staffing_manager", at=lending.home)
    request = lending.invite()
    with pytest.raises(decisions.FourEyes):
        decisions.approve(sharing_request=request, by=lending.head, now=lending.now)


@pytest.mark.parametrize(("part", "state"), [("person", "declined"), ("host", "withdrawn")])
def test_one_refusal_ends_the_invitation(lending, part, state):
    request = lending.invite()
    by = lending.credentialing if part == "host" else None
    sign_offs.refuse(sharing_request=request, part=part, by=by, now=lending.now, signed_name="S-1")
    assert SharingRequest.unscoped.get(pk=request.pk).state == state


def test_a_licence_that_is_suspended_meanwhile_stops_the_last_consent(lending):
    request = lending.invite()
    sign(lending, request, "person")
    sign(lending, request, "host")
    lending.nurse.staff_member.licence_status = "suspended"
    lending.nurse.staff_member.save()
    with pytest.raises(RulesBlock) as refused:
        sign(lending, request, "home")
    assert [finding.code for finding in refused.value.findings] == ["STF-01"]


def test_the_host_reads_the_name_only_once_it_is_booked(lending):
    request = lending.invite()
    assert shown_name(request, lending.host) == ""
    assert shown_name(request, lending.home) == "Li Xiaomei"
    for part in SIGN:
        sign(lending, request, part)
    fresh = SharingRequest.unscoped.get(pk=request.pk)
    assert shown_name(fresh, lending.host) == "Li Xiaomei"
    assert shown_name(fresh, make.institution("third")) == ""


def test_no_notice_letter_or_audit_event_says_the_name(lending):
    booked(lending)
    mail_letters(now=lending.now)
    told = " ".join(str(row.context) for row in Notification.unscoped.all())
    audited = " ".join(f"{e.data} {e.object_label}" for e in AuditEvent.unscoped.all())
    signed = " ".join(SignOff.unscoped.values_list("signed_name", flat=True))
    assert "Li Xiaomei" not in told + audited + signed


def test_a_shift_runs_to_its_confirmed_hours(lending):
    request = booked(lending)
    begins, ends = moment_of(lending, 0), moment_of(lending, 11)
    with pytest.raises(attendance.TooEarly):
        attendance.check_in(sharing_request=request, by=lending.head, now=lending.now)
    attendance.check_in(sharing_request=request, by=lending.head, now=begins)
    attendance.sign_timesheet(
        sharing_request=request,
        worked_from=begins,
        worked_until=ends,
        break_minutes=45,
        by=lending.head,
        now=ends,
    )
    signed = SharingRequest.unscoped.get(pk=request.pk)
    assert signed.due_at == check_due(signed, now=ends) >= ends + timedelta(hours=24)
    assert clocks.escalate(now=ends) == 0  # nobody is late with what was just signed
    attendance.confirm_hours(sharing_request=request, by=lending.manager, now=ends)
    fresh = SharingRequest.unscoped.get(pk=request.pk)
    sheet = StaffEngagement.unscoped.get(sharing_request=request)
    assert (fresh.state, sheet.worked_break_minutes) == (State.CLOSED, 45)
    assert sheet.confirmed_name == str(lending.manager)


@pytest.mark.parametrize("hours", [0, -1, 37])
def test_a_timesheet_that_does_not_fit_is_refused(lending, hours):
    request = booked(lending)
    begins = moment_of(lending, 0)
    attendance.check_in(sharing_request=request, by=lending.head, now=begins)
    with pytest.raises(attendance.BadTimesheet):
        attendance.sign_timesheet(
            sharing_request=request,
            worked_from=begins,
            worked_until=begins + timedelta(hours=hours),
            break_minutes=0,
            by=lending.head,
            now=begins + timedelta(hours=40),
        )


def test_only_the_host_checks_in(lending):
    request = booked(lending)
    with pytest.raises(NotYours):
        attendance.check_in(sharing_request=request, by=lending.manager, now=moment_of(lending, 0))


def test_the_night_puts_a_booking_on_hold_when_the_licence_ends_and_releases_it(lending):
    request = booked(lending)
    member = lending.nurse.staff_member
    until, member.licence_valid_until = member.licence_valid_until, lending.starts_at.date()
    member.save()
    Notification.unscoped.all().delete()
    assert (recheck(now=lending.now), recheck(now=lending.now)) == (1, 0)
    fresh = SharingRequest.unscoped.get(pk=request.pk)
    assert fresh.suspended_reason == Suspension.CREDENTIAL
    told = set(Notification.unscoped.values_list("user__username", flat=True))
    assert told == {"manager.home", "head.nurse"}
    assert StaffMail.unscoped.order_by("pk").last().event == "on_hold"
    with pytest.raises(OnHold):
        attendance.check_in(sharing_request=request, by=lending.head, now=moment_of(lending, 0))
    member.licence_valid_until = until
    member.save()
    assert recheck(now=lending.now) == 1
    assert SharingRequest.unscoped.get(pk=request.pk).suspended_at is None
    assert StaffMail.unscoped.order_by("pk").last().event == "released"


def test_letters_go_out_once_in_both_languages_with_a_link(lending):
    lending.nurse.staff_member.email = "nurse@example.org"
    lending.nurse.staff_member.save()
    lending.invite()
    assert (mail_letters(now=lending.now), mail_letters(now=lending.now)) == (1, 0)
    [letter] = mail.outbox
    assert letter.to == ["nurse@example.org"]
    assert letter.body.count("/shifts/") == 2
    assert "邀请" in letter.subject
    assert "Invitation" in letter.subject


def test_consents_are_given_once(lending):
    request = lending.invite()
    sign(lending, request, "host")
    with pytest.raises(sign_offs.AlreadySigned):
        sign(lending, request, "host")
    assert SignOff.unscoped.get(part="host").decision == SignOffDecision.GIVEN


def test_a_shift_that_is_over_is_told_in_words_for_people(lending):
    row = make.sharing_request(
        lending.nurse, lending.host, state="underway", by=lending.head, now=lending.now,
        starts_at=lending.now - timedelta(hours=20), ends_at=lending.now - timedelta(hours=12),
    )  # fmt: skip
    assert overdue.escalate_overdue(now=lending.now) == 1
    subjects = {
        notices.render(told)["subject"] for told in Notification.unscoped.filter(object_id=row.pk)
    }
    [said] = subjects
    assert said.endswith("is over, its hours are not recorded yet")
    assert "due back" not in said
