"""The workflow's jobs with real rows: who is reminded when, and what ends by itself."""

from datetime import timedelta

import pytest
from django.utils import timezone

from medshare_portal import jobs
from medshare_portal.models import AuditEvent, Notification
from scheduling.actions.changes import ask_extension
from scheduling.deadlines import Step, due
from scheduling.models import SharingRequest, TimeChange, TransitionLog
from scheduling.states import State
from tests import make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def now():
    return timezone.now().replace(minute=0, second=0, microsecond=0)


class Two:
    """Two hospitals with everybody who could be told, and one ventilator."""

    def __init__(self, now):
        self.owner, self.borrower = make.institution("owner"), make.institution("borrower")
        self.device = make.equipment(self.owner, last_safety_test=now.date())
        make.offer(self.device, now=now)
        self.approver = make.user(at=self.owner, role="approver")
        self.lender = make.user(at=self.owner, role="coordinator")
        self.engineer = make.user(at=self.owner, role="biomedical_engineer")
        self.viewer = make.user(at=self.owner, role="viewer")
        self.asker = make.user(at=self.borrower, role="coordinator")
        self.colleague = make.user(at=self.borrower, role="coordinator")

    def request(self, state, **fields):
        people = {"by": self.asker, "decided_by": self.approver}
        return make.sharing_request(self.device, self.borrower, state=state, **people | fields)

    def running(self, now, **fields):
        times = {"starts_at": now - 5 * HOUR, "ends_at": now + 5 * HOUR}
        times["agreement_accepted_at"] = now
        return self.request(State.UNDERWAY, **times | fields)


@pytest.fixture
def two(now):
    return Two(now)


def run(name, now):
    return jobs.registry[name].run(now)


def told(event):
    """Person → how often."""
    found = {}
    for person in Notification.unscoped.filter(event=event).values_list("user", flat=True):
        found[person] = found.get(person, 0) + 1
    return found


def times(number, *people):
    return {person.pk: number for person in people}


def late_request(two, now):
    return two.request(State.REQUESTED, due_at=now, starts_at=now + 99 * HOUR)


def late_check(two, now):
    return two.request(
        State.FINISHED, due_at=now, starts_at=now - 60 * HOUR, ends_at=now - 48 * HOUR
    )


def late_extension(two, now):
    row = two.running(now, ends_at=now + 50 * HOUR)
    later = now + 60 * HOUR
    return make.time_change(row, new_ends_at=later, by=two.asker, due_at=now, now=now - 4 * HOUR)


LATE = {
    "answer-late": (late_request, "approver"),
    "check-late": (late_check, "engineer"),
    "extension-late": (late_extension, "approver"),
}


@pytest.mark.parametrize("event", LATE)
def test_what_is_late_is_reminded_of_once_by_whom_it_waits_for(two, now, event):
    build, first = LATE[event]
    build(two, now)
    run("escalate-unanswered", now - HOUR)
    assert told(event) == {}
    for _again in range(2):
        run("escalate-unanswered", now)
    assert told(event) == times(1, getattr(two, first))


def test_an_overdue_device_goes_one_step_up_on_both_sides_after_the_second_reminder(two, now):
    two.running(now, ends_at=now)
    for hours in (1, 5):
        run("escalate-overdue", now + hours * HOUR)
    assert told("overdue") == times(2, two.approver, two.asker)
    run("escalate-overdue", now + 25 * HOUR)
    assert told("overdue") == (
        times(3, two.approver, two.asker) | times(1, two.lender, two.colleague)
    )


def extension(two, row, now, hours=10):
    return ask_extension(
        sharing_request=row,
        new_ends_at=row.ends_at + hours * HOUR,
        reason="Weaning takes longer.",
        by=two.asker,
        now=now,
    )


def test_an_extension_lapses_when_the_old_end_has_come_and_both_are_told(two, now):
    row = two.running(now)
    change = extension(two, row, now)
    assert change.due_at == row.ends_at
    assert run("lapse-extensions", row.ends_at - HOUR) == 0
    assert run("lapse-extensions", row.ends_at) == 1
    assert run("lapse-extensions", row.ends_at) == 0
    change.refresh_from_db()
    kept = SharingRequest.unscoped.get(pk=row.pk)
    assert (change.status, change.decided_at) == ("lapsed", row.ends_at)
    assert (kept.state, kept.ends_at) == (State.UNDERWAY, row.ends_at)
    assert told("extension-lapsed") == times(1, two.approver, two.asker)
    step = TransitionLog.objects.of(row).order_by("-pk").first()
    assert (step.transition, step.side, step.by) == ("lapse_extension", "system", None)
    actions = AuditEvent.objects.owned_by(two.owner).order_by("sequence")
    assert [event.action for event in actions][-1] == "request.lapse_extension"


def test_an_extension_asked_after_the_end_has_the_usual_time_for_its_answer(two, now):
    row = two.running(now, ends_at=now - HOUR)
    change = extension(two, row, now)
    assert change.due_at == due(Step.EXTENSION, site=two.device.site, priority="routine", now=now)
    assert run("lapse-extensions", now + HOUR) == 0
    assert run("lapse-extensions", change.due_at) == 1


def test_an_extension_of_what_is_back_waits_for_nobody(two, now):
    row = two.request(
        State.FINISHED, starts_at=now - 9 * HOUR, ends_at=now - HOUR, due_at=now + 47 * HOUR
    )
    make.time_change(row, new_ends_at=now + 9 * HOUR, by=two.asker, due_at=now + 4 * HOUR)
    assert run("lapse-extensions", now) == 1
    assert TimeChange.unscoped.get().status == "lapsed"
    assert told("extension-lapsed") == {}


def test_an_answered_extension_does_not_lapse(two, now):
    row = two.running(now)
    make.time_change(
        row, new_ends_at=now + 9 * HOUR, by=two.asker, status="refused", decided_at=now
    )
    assert run("lapse-extensions", now + 90 * HOUR) == 0
    assert told("extension-lapsed") == {}


def undecided(two, now):
    return two.request(State.REQUESTED, now=now, starts_at=now + 6 * HOUR)


def countered(two, now):
    return two.request(State.COUNTERED, now=now, due_at=now + 6 * HOUR, starts_at=now + 20 * HOUR)


def longer(two, now):
    extension(two, two.running(now, ends_at=now + 6 * HOUR), now)


CALLED = {
    "answer-soon": (undecided, "approver"),
    "counter-soon": (countered, "asker"),
    "extension-soon": (longer, "approver"),
}


@pytest.mark.parametrize("event", CALLED)
def test_what_would_lapse_unanswered_is_called_once_before(two, now, event):
    """Six hours are left, so after half of them."""
    build, person = CALLED[event]
    build(two, now)
    run("last-calls", now + 2.9 * HOUR)
    assert told(event) == {}
    for hours in (3, 4, 6):
        run("last-calls", now + hours * HOUR)
    assert told(event) == times(1, getattr(two, person))


def test_the_last_call_comes_four_hours_before_the_end_of_a_longer_time(two, now):
    two.request(State.COUNTERED, now=now, due_at=now + 24 * HOUR, starts_at=now + 50 * HOUR)
    run("last-calls", now + 19.9 * HOUR)
    assert told("counter-soon") == {}
    run("last-calls", now + 20 * HOUR)
    assert told("counter-soon") == times(1, two.asker)
