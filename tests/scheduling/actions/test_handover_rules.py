"""What the rules say at handover, return and check, and what is kept of warnings passed."""

from datetime import timedelta

import pytest

from medshare_portal.models import AuditEvent
from resources.models import Equipment, UseLogEntry
from scheduling.actions import _rules, handovers
from scheduling.models import TransitionLog
from scheduling.states import Stage, State
from tests import make
from tests.scheduling.actions.loan import HOUR, approve, ask, record

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking(city, now):
    return approve(city, ask(city, now), now)


def change_device(city, **fields):
    Equipment.unscoped.filter(pk=city.resource.pk).update(**fields)


def hand_over(city, booking, now, **changes):
    values = {"receiver_name": "A. Porter", "counter_reading": 120} | changes
    return handovers.give(
        sharing_request=booking,
        stage=Stage.HANDOVER,
        record=record(**values),
        by=city.lender,
        institution=city.owner,
        now=now,
    )


def give_back(city, booking, now, **changes):
    values = {"receiver_name": "B. Keeper"} | changes
    return handovers.give(
        sharing_request=booking,
        stage=Stage.RETURN,
        record=record(Stage.RETURN, **values),
        by=city.asker,
        institution=city.borrower,
        now=now,
    )


def close(city, booking, now, **changes):
    kept = record(Stage.POST_CHECK, **changes)
    return handovers.close(sharing_request=booking, record=kept, by=city.engineer, now=now)


@pytest.mark.parametrize(
    ("code", "field"),
    [("EQ-02", "next_pm_due"), ("EQ-03", "calibration_due"), ("EQ-04", "safety_test_due")],
)
def test_a_device_whose_date_runs_out_before_the_return_does_not_leave(
    city, booking, now, code, field
):
    start = booking.starts_at
    change_device(city, **{field: (booking.ends_at - timedelta(days=1)).date()})
    with pytest.raises(_rules.RulesBlock) as refused:
        hand_over(city, booking, start)
    assert [finding.code for finding in refused.value.findings] == [code]
    booking.refresh_from_db()
    assert booking.state == State.APPROVED


def test_what_is_not_ticked_keeps_it_here_unless_a_problem_is_reported(city, booking):
    unticked = dict.fromkeys(record().checklist, False)
    with pytest.raises(_rules.RulesBlock) as refused:
        hand_over(city, booking, booking.starts_at, checklist=unticked)
    assert [finding.code for finding in refused.value.findings] == ["EQ-16"]
    hand_over(city, booking, booking.starts_at, checklist=unticked, problem=True)


def test_a_device_that_failed_its_safety_test_does_not_leave(city, booking):
    change_device(city, safety_test_result="fail")
    with pytest.raises(_rules.RulesBlock) as refused:
        hand_over(city, booking, booking.starts_at)
    assert [finding.code for finding in refused.value.findings] == ["EQ-04"]


def test_a_counter_that_fell_is_passed_with_a_reason_that_is_audited(city, booking):
    start, end = booking.starts_at, booking.ends_at
    hand_over(city, booking, start)
    booking.refresh_from_db()
    with pytest.raises(_rules.ReasonMissing) as asked:
        give_back(city, booking, end, counter_reading=3)
    assert [finding.code for finding in asked.value.findings] == ["EQ-12"]
    accepted = {"EQ-12": "The counter was replaced.", "EQ-99": "nobody asked"}
    give_back(city, booking, end, counter_reading=3, accepted=accepted)
    kept = {"EQ-12": "The counter was replaced."}
    step = TransitionLog.objects.everywhere(reason="test").get(transition="return")
    event = AuditEvent.unscoped.filter(action="request.return").first()
    assert step.data["passed"] == event.data["passed"] == kept
    booking.refresh_from_db()
    close(city, booking, end + HOUR)
    used = UseLogEntry.unscoped.get(resource=city.resource)
    assert (used.counter_start, used.counter_end) == (None, None)


def test_a_use_that_overlaps_maintenance_is_closed_with_a_reason(city, booking):
    start, end = booking.starts_at, booking.ends_at
    hand_over(city, booking, start)
    booking.refresh_from_db()
    late = end + 6 * HOUR
    make.block(city.resource, end + HOUR, end + 2 * HOUR, by=city.lender, reason="repair")
    give_back(city, booking, late)
    booking.refresh_from_db()
    with pytest.raises(_rules.ReasonMissing) as asked:
        close(city, booking, late + HOUR)
    assert [finding.code for finding in asked.value.findings] == ["EQ-14"]
    close(city, booking, late + HOUR, accepted={"EQ-14": "The repair was cancelled."})
    event = AuditEvent.unscoped.filter(action="request.close").first()
    assert event.data["passed"] == {"EQ-14": "The repair was cancelled."}


def test_own_use_beside_a_late_return_says_nothing(city, booking):
    start, end = booking.starts_at, booking.ends_at
    hand_over(city, booking, start)
    booking.refresh_from_db()
    make.block(city.resource, end + HOUR, end + 2 * HOUR, by=city.lender, reason="own_use")
    give_back(city, booking, end + 3 * HOUR)
    booking.refresh_from_db()
    assert close(city, booking, end + 4 * HOUR).state == State.CLOSED


@pytest.fixture
def before(city, now):
    """Somebody else's booking that begins, and ends, before ours."""
    return make.sharing_request(
        city.resource, make.institution("first"), state=State.APPROVED,
        starts_at=now + HOUR, ends_at=now + 3 * HOUR,
    )  # fmt: skip


@pytest.fixture
def after(city, now, before):
    return approve(city, ask(city, now, starts_at=now + 4 * HOUR, ends_at=now + 9 * HOUR), now)


def test_an_early_handover_warns_of_the_booking_that_begins_before(city, before, after, now):
    with pytest.raises(_rules.ReasonMissing) as refused:
        hand_over(city, after, now)
    [finding] = refused.value.findings
    assert finding.code == "GEN-03"
    assert before.reference in str(finding.text)
    hand_over(city, after, now, accepted={"GEN-03": "They have called it off by phone."})
    step = TransitionLog.objects.of(after).get(transition="hand_over")
    assert step.data["passed"] == {"GEN-03": "They have called it off by phone."}


def test_a_handover_in_its_turn_or_of_a_second_unit_warns_of_nobody(city, before, after, now):
    hand_over(city, before, now)
    back = handovers.give(
        sharing_request=before, stage=Stage.RETURN, now=now + 2 * HOUR,
        record=record(Stage.RETURN, receiver_name="B. Keeper", counter_reading=121),
        by=make.user(at=before.borrower, role="coordinator"), institution=before.borrower,
    )  # fmt: skip
    assert back.received_at
    hand_over(city, after, now + 3 * HOUR, counter_reading=122)


@pytest.fixture
def of_two(city):
    type(city.resource).unscoped.filter(pk=city.resource.pk).update(units=2)
    city.resource.refresh_from_db()


def test_a_set_with_a_unit_for_each_warns_of_nobody(city, of_two, before, after, now):
    hand_over(city, after, now)


def receive(city, booking, now, **changes):
    return handovers.receive(
        sharing_request=booking, stage=Stage.HANDOVER, by=city.asker,
        institution=city.borrower, now=now, **changes,
    )  # fmt: skip


def test_what_went_out_of_order_since_it_was_given_is_not_received(city, booking, now):
    now += 23 * HOUR
    hand_over(city, booking, now, receiver_name="")
    change_device(city, status="down", status_note="Alarm 42")
    with pytest.raises(_rules.RulesBlock) as refused:
        receive(city, booking, now)
    assert [finding.code for finding in refused.value.findings] == ["EQ-01"]
    change_device(city, status="operational", status_note="")
    receive(city, booking, now)
    assert type(booking).unscoped.get(pk=booking.pk).state == State.UNDERWAY


def test_a_warning_that_the_giver_has_passed_is_not_asked_again(city, booking, now):
    now += 23 * HOUR
    change_device(city, counter_reading=500)
    hand_over(city, booking, now, receiver_name="", accepted={"EQ-12": "New counter built in."})
    receive(city, booking, now)
