"""A loan from ask to closed, and what each step refuses."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from medshare_portal import audit
from medshare_portal.models import AuditEvent, Notification
from resources.models import UseLogEntry
from scheduling.actions import changes, decisions, handovers, requests
from scheduling.actions._lock import NotYours, SlotTaken
from scheduling.actions._move import IllegalTransition, move
from scheduling.actions._rules import ReasonMissing, RulesBlock
from scheduling.models import SharingRequest, TransitionLog
from scheduling.states import Side, Stage, State
from tests import make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def now():
    return timezone.now().replace(minute=0, second=0, microsecond=0)


@pytest.fixture
def city(now):
    """Owner with a ventilator on offer, borrower, and their people."""
    owner, borrower = make.institution("owner"), make.institution("borrower")
    resource = make.equipment(owner, last_safety_test=now.date())
    make.offer(resource, now=now)

    class City:
        pass

    city = City()
    city.owner, city.borrower, city.resource = owner, borrower, resource
    city.asker = make.user(at=borrower, role="coordinator")
    city.approver = make.user(at=owner, role="approver")
    city.lender = make.user(at=owner, role="coordinator")
    city.engineer = make.user(at=owner, role="biomedical_engineer")
    return city


def terms(now, **changes):
    values = {
        "starts_at": now + 24 * HOUR,
        "ends_at": now + 48 * HOUR,
        "purpose": "Our own unit failed its test.",
        "agreement_accepted": True,
    }
    return requests.RequestTerms(**values | changes)


def ask(city, now, **changes):
    return requests.ask(
        resource=city.resource,
        borrower=city.borrower,
        terms=terms(now, **changes),
        by=city.asker,
        now=now,
    )


def approve(city, request, now, **changes):
    return decisions.approve(sharing_request=request, by=city.approver, now=now, **changes)


def record(stage=Stage.HANDOVER, **changes):
    codes = [code for code, _label in handovers.checklist("equipment", stage)]
    values = {
        "checklist": dict.fromkeys(codes, True),
        "decontaminated": True,
        "decontamination_record": "C-77",
    }
    return handovers.HandoverRecord(**values | changes)


def test_a_loan_runs_from_ask_to_closed(city, now):
    request = ask(city, now)
    assert request.state == State.REQUESTED
    assert request.due_at == now + timedelta(hours=48)

    approve(city, request, now)
    start = request.starts_at
    handovers.give(
        sharing_request=request,
        stage=Stage.HANDOVER,
        record=record(counter_reading=100),
        by=city.lender,
        institution=city.owner,
        now=start,
    )
    assert SharingRequest.unscoped.get(pk=request.pk).state == State.APPROVED
    handovers.receive(
        sharing_request=request,
        stage=Stage.HANDOVER,
        by=city.asker,
        institution=city.borrower,
        now=start,
    )
    assert SharingRequest.unscoped.get(pk=request.pk).state == State.UNDERWAY

    back = start + 20 * HOUR
    handovers.give(
        sharing_request=request,
        stage=Stage.RETURN,
        record=record(Stage.RETURN, counter_reading=119, receiver_name="Wang"),
        by=city.asker,
        institution=city.borrower,
        now=back,
    )
    handovers.close(
        sharing_request=request, record=record(Stage.POST_CHECK), by=city.engineer, now=back + HOUR
    )

    closed = SharingRequest.unscoped.get(pk=request.pk)
    assert (closed.state, closed.actual_starts_at, closed.actual_ends_at) == ("closed", start, back)
    assert closed.asked_ends_at == now + 48 * HOUR
    steps = TransitionLog.objects.of(closed).order_by("pk").values_list("transition", flat=True)
    assert list(steps) == [
        "ask",
        "approve",
        "give_handover",
        "hand_over",
        "return",
        "close",
    ]
    use = UseLogEntry.unscoped.get()
    assert (use.counter_start, use.counter_end, use.institution_id) == (100, 119, city.borrower.pk)
    assert audit.verify("owner") == []
    assert audit.verify("borrower") == []
    assert AuditEvent.objects.owned_by(city.owner).count() == len(steps)


def test_asking_tells_the_deciders_and_approving_the_asker(city, now):
    request = ask(city, now)
    assert Notification.objects.addressed_to(city.approver).get().event == "request-asked"
    assert not Notification.objects.addressed_to(city.lender).exists()
    approve(city, request, now)
    assert Notification.objects.addressed_to(city.asker).get().event == "request-approved"


def test_ask_shows_every_finding_at_once_and_stores_nothing(city, now):
    city.resource.equipment.__class__.unscoped.filter(pk=city.resource.pk).update(
        status="down", next_pm_due=now.date()
    )
    with pytest.raises(RulesBlock) as refused:
        ask(city, now, agreement_accepted=False, ends_at=now + 24 * 40 * HOUR)
    codes = [finding.code for finding in refused.value.findings]
    assert sorted(codes) == ["EQ-01", "EQ-02", "EQ-10", "OFR-04"]
    assert not SharingRequest.unscoped.exists()


def test_a_warning_is_passed_only_with_a_reason_which_is_kept(city, now):
    city.resource.equipment.__class__.unscoped.filter(pk=city.resource.pk).update(
        status="degraded", status_note="no battery"
    )
    with pytest.raises(ReasonMissing):
        ask(city, now)
    request = ask(city, now, accepted={"EQ-01": "We use mains power."})
    assert [entry["reason"] for entry in request.accepted_findings] == ["We use mains power."]


def test_approve_declines_the_competitor_by_name(city, now):
    rival = make.institution("rival")
    other = make.user(at=rival, role="coordinator")
    first = ask(city, now)
    second = requests.ask(
        resource=city.resource, borrower=rival, terms=terms(now), by=other, now=now
    )
    approve(city, second, now)
    lost = SharingRequest.unscoped.get(pk=first.pk)
    assert (lost.state, lost.decision_code) == (State.DECLINED, "other_won")
    assert TransitionLog.objects.of(lost).latest("pk").data == {"given_to": second.reference}


def test_approve_refuses_a_second_booking_of_the_same_hours(city, now):
    first, second = ask(city, now), ask(city, now, starts_at=now + 30 * HOUR)
    make.sharing_request(
        city.resource,
        city.borrower,
        state=State.APPROVED,
        starts_at=now + 25 * HOUR,
        ends_at=now + 31 * HOUR,
    )
    for request in (first, second):
        with pytest.raises(RulesBlock) as refused:
            approve(city, request, now)
        assert [finding.code for finding in refused.value.findings] == ["GEN-03"]


def test_approve_in_part_keeps_what_was_asked(city, now):
    request = ask(city, now)
    approve(city, request, now, ends_at=now + 30 * HOUR)
    stored = SharingRequest.unscoped.get(pk=request.pk)
    assert (stored.ends_at, stored.asked_ends_at) == (now + 30 * HOUR, now + 48 * HOUR)
    with pytest.raises(decisions.NotAPart):
        approve(
            city,
            ask(city, now, starts_at=now + 60 * HOUR, ends_at=now + 70 * HOUR),
            now,
            ends_at=now + 71 * HOUR,
        )


def test_a_counter_offer_holds_its_time_until_it_is_refused(city, now):
    request = ask(city, now)
    decisions.counter(
        sharing_request=request,
        by=city.approver,
        now=now,
        starts_at=now + 50 * HOUR,
        ends_at=now + 60 * HOUR,
        units=1,
    )
    with pytest.raises(RulesBlock):
        ask(city, now, starts_at=now + 55 * HOUR, ends_at=now + 56 * HOUR)
    requests.refuse_counter(sharing_request=request, by=city.asker, now=now)
    assert ask(city, now, starts_at=now + 55 * HOUR, ends_at=now + 56 * HOUR).pk


def test_a_hold_keeps_others_out_and_becomes_the_request(city, now):
    held = requests.hold(
        resource=city.resource,
        borrower=city.borrower,
        starts_at=now + 24 * HOUR,
        ends_at=now + 48 * HOUR,
        units=1,
        by=city.asker,
        now=now,
    )
    rival = make.institution("rival")
    other = make.user(at=rival, role="coordinator")
    with pytest.raises(RulesBlock):
        requests.ask(resource=city.resource, borrower=rival, terms=terms(now), by=other, now=now)
    request = requests.ask(
        resource=city.resource,
        borrower=city.borrower,
        terms=terms(now),
        by=city.asker,
        now=now,
        hold=held,
    )
    assert (request.pk, request.state) == (held.pk, State.REQUESTED)


def test_a_hold_that_ran_out_is_in_nobodys_way(city, now):
    requests.hold(
        resource=city.resource,
        borrower=city.borrower,
        starts_at=now + 24 * HOUR,
        ends_at=now + 48 * HOUR,
        units=1,
        by=city.asker,
        now=now,
    )
    later = now + timedelta(minutes=16)
    request = ask(city, later)
    assert approve(city, request, later).state == State.APPROVED
    assert SharingRequest.unscoped.filter(state=State.LAPSED).count() == 1


def test_an_extension_is_checked_again_when_the_owner_agrees(city, now):
    request = ask(city, now)
    approve(city, request, now)
    change = changes.ask_extension(
        sharing_request=request,
        new_ends_at=now + 60 * HOUR,
        reason="Weaning takes longer.",
        by=city.asker,
        now=now,
    )
    make.sharing_request(
        city.resource,
        make.institution("rival"),
        state=State.APPROVED,
        starts_at=now + 50 * HOUR,
        ends_at=now + 55 * HOUR,
    )
    with pytest.raises(RulesBlock):
        changes.answer_extension(change=change, agree=True, answer="", by=city.approver, now=now)


def test_recall_keeps_the_promised_notice(city, now):
    request = ask(city, now)
    approve(city, request, now)
    with pytest.raises(changes.NoticeTooShort):
        changes.recall(
            sharing_request=request,
            new_ends_at=now + 23 * HOUR,
            reason="",
            by=city.approver,
            now=now,
        )
    changes.recall(
        sharing_request=request,
        new_ends_at=now + 30 * HOUR,
        reason="Emergency",
        by=city.approver,
        now=now,
    )
    stored = SharingRequest.unscoped.get(pk=request.pk)
    assert (stored.state, stored.ends_at) == (State.APPROVED, now + 30 * HOUR)


def test_strangers_and_the_other_side_cannot_act(city, now):
    request = ask(city, now)
    stranger = make.user(at=make.institution("stranger"), role="approver")
    for person in (stranger, city.asker, city.lender):
        with pytest.raises(NotYours):
            decisions.approve(sharing_request=request, by=person, now=now)


def test_a_person_of_both_institutions_cannot_approve_the_own_request(city, now):
    make.grant(city.asker, "approver", at=city.owner)
    with pytest.raises(decisions.FourEyes):
        decisions.approve(sharing_request=ask(city, now), by=city.asker, now=now)


def test_a_second_decision_is_an_illegal_transition(city, now):
    request = ask(city, now)
    stale = SharingRequest.unscoped.get(pk=request.pk)
    approve(city, request, now)
    with pytest.raises(IllegalTransition):
        decisions.decline(sharing_request=stale, by=city.approver, now=now, reason_code="other")


def test_nothing_moves_when_the_audit_cannot_be_written(city, now, monkeypatch):
    request = ask(city, now)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE medshare_portal_auditchain SET length = 0 WHERE name = 'owner'")
    with pytest.raises(Exception, match=r"(?i)unique"), transaction.atomic():
        approve(city, request, now)
    assert SharingRequest.unscoped.get(pk=request.pk).state == State.REQUESTED


def test_cancel_frees_the_time(city, now):
    request = ask(city, now)
    approve(city, request, now)
    requests.cancel(
        sharing_request=request,
        side=Side.BORROWER,
        by=city.asker,
        now=now,
        reason_code="no_longer_needed",
    )
    assert ask(city, now).state == State.REQUESTED


def test_the_database_itself_says_slot_taken(city, now):
    request = ask(city, now)
    make.sharing_request(
        city.resource,
        city.borrower,
        state=State.APPROVED,
        starts_at=now + 25 * HOUR,
        ends_at=now + 31 * HOUR,
    )
    with pytest.raises(SlotTaken):
        move(
            request,
            "approve",
            side=Side.OWNER,
            by=city.approver,
            now=now,
            decided_at=now,
            decided_by=city.approver,
        )
