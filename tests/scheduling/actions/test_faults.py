"""A fault in use: the device goes out of order with the report, and only the owner's check ends it."""

import pytest

from medshare_portal import audit
from medshare_portal.models import AuditEvent, Notification
from resources.models import Equipment
from scheduling.actions import faults, handovers
from scheduling.actions._lock import NotYours
from scheduling.actions._move import IllegalTransition
from scheduling.actions._rules import RulesBlock
from scheduling.models import SharingRequest, TransitionLog
from scheduling.queries.at_risk import has_fault_elsewhere
from scheduling.states import Stage, State
from tests import make
from tests.scheduling.actions.loan import HOUR, approve, ask, record

pytestmark = pytest.mark.django_db


@pytest.fixture
def loan(city, now):
    return make.sharing_request(
        city.resource,
        city.borrower,
        state=State.UNDERWAY,
        by=city.asker,
        decided_by=city.approver,
        starts_at=now - 5 * HOUR,
        ends_at=now + 5 * HOUR,
    )


def report(loan, by, now, **changes):
    said = {"what": "Alarm 42, no pressure.", "harm": False, "stopped": True} | changes
    return faults.report(sharing_request=loan, by=by, now=now, **said)


def device(city):
    found = Equipment.unscoped.get(pk=city.resource.pk)
    return found.status, found.status_note


def come_back(city, loan, now):
    return handovers.give(
        sharing_request=loan,
        stage=Stage.RETURN,
        record=record(Stage.RETURN, receiver_name="B. Keeper"),
        by=city.asker,
        institution=city.borrower,
        now=now,
    )


def test_the_device_is_out_of_order_with_the_report_and_the_request_stays(city, loan, now):
    report(loan, city.asker, now, harm=True)
    assert device(city) == ("down", loan.reference)
    assert SharingRequest.unscoped.get(pk=loan.pk).state == State.UNDERWAY
    step = TransitionLog.objects.of(loan).faults().get()
    assert (step.by, step.text, step.data) == (
        city.asker,
        "Alarm 42, no pressure.",
        {"harm": True, "stopped": True},
    )


def test_the_audit_trails_of_both_sides_have_the_report_and_the_owners_the_state(city, loan, now):
    report(loan, city.asker, now)
    told = AuditEvent.objects.owned_by(city.owner).order_by("sequence")
    assert [event.action for event in told] == ["request.report_fault", "equipment.state_set"]
    [theirs] = AuditEvent.objects.owned_by(city.borrower)
    assert (theirs.action, theirs.data["harm"], theirs.data["stopped"]) == (
        "request.report_fault",
        False,
        True,
    )
    assert audit.verify("owner") == audit.verify("borrower") == []


def test_those_who_decide_and_those_who_check_are_told(city, loan, now):
    report(loan, city.asker, now)
    told = Notification.unscoped.filter(event="fault-reported")
    assert {row.user for row in told} == {city.approver, city.engineer}


@pytest.mark.parametrize("state", [State.APPROVED, State.FINISHED])
def test_only_who_has_the_device_reports(city, now, state):
    other = make.sharing_request(
        city.resource, city.borrower, state=state, by=city.asker, decided_by=city.approver
    )
    with pytest.raises(IllegalTransition):
        report(other, city.asker, now)
    assert device(city) == ("operational", "")


def test_the_owner_and_a_viewer_report_nothing(city, loan, now):
    for person in (city.lender, make.user(at=city.borrower, role="viewer")):
        with pytest.raises(NotYours):
            report(loan, person, now)


def test_a_report_says_what_happened_and_names_no_patient(city, loan, now):
    with pytest.raises(faults.NothingSaid):
        report(loan, city.asker, now, what="  ")
    with pytest.raises(faults.NamesAPatient):
        report(loan, city.asker, now, what="Patient 11010519491231002X, no pressure")
    assert device(city) == ("operational", "")
    assert not TransitionLog.objects.of(loan).faults().exists()


def test_only_the_owners_check_with_a_word_about_the_fault_puts_it_back(city, loan, now):
    report(loan, city.asker, now)
    come_back(city, loan, now)
    assert device(city)[0] == "down"
    check = record(Stage.POST_CHECK)
    with pytest.raises(RulesBlock) as refused:
        handovers.close(sharing_request=loan, record=check, by=city.engineer, now=now)
    assert [finding.code for finding in refused.value.findings] == ["EQ-01"]
    check = record(Stage.POST_CHECK, condition_note="Valve replaced, tested.")
    handovers.close(sharing_request=loan, record=check, by=city.engineer, now=now)
    assert device(city) == ("operational", "")


def test_a_check_that_finds_a_problem_leaves_it_out_of_order(city, loan, now):
    report(loan, city.asker, now)
    come_back(city, loan, now)
    check = record(Stage.POST_CHECK, problem=True, condition_note="Valve leaks.")
    handovers.close(sharing_request=loan, record=check, by=city.engineer, now=now)
    assert device(city)[0] == "down"


def test_a_loan_without_a_fault_needs_no_such_word(city, now):
    booking = approve(city, ask(city, now), now)
    SharingRequest.unscoped.filter(pk=booking.pk).update(state=State.UNDERWAY, actual_starts_at=now)
    come_back(city, booking, now)
    handovers.close(
        sharing_request=booking, record=record(Stage.POST_CHECK), by=city.engineer, now=now
    )
    assert SharingRequest.unscoped.get(pk=booking.pk).state == State.CLOSED


def test_the_check_of_another_use_does_not_clear_it(city, loan, now):
    before = make.sharing_request(
        city.resource, city.borrower, state=State.FINISHED, by=city.asker,
        decided_by=city.approver, starts_at=now - 40 * HOUR, ends_at=now - 30 * HOUR,
    )  # fmt: skip
    report(loan, city.asker, now)
    assert has_fault_elsewhere(before)
    assert not has_fault_elsewhere(loan)
    handovers.close(
        sharing_request=before, record=record(Stage.POST_CHECK), by=city.engineer, now=now
    )
    assert device(city)[0] == "down"


def test_what_the_owner_said_of_the_device_stays(city, loan, now):
    Equipment.unscoped.filter(pk=city.resource.pk).update(status="maintenance")
    report(SharingRequest.unscoped.get(pk=loan.pk), city.asker, now)
    assert device(city) == ("maintenance", loan.reference)
