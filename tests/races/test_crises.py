"""Two declarations at once; the end of a crisis against an approval that rests on it."""

import threading
from dataclasses import dataclass

import pytest
from django.db import DatabaseError, connection, transaction

from medshare_portal.actions import crises as acts
from medshare_portal.models import Crisis, CrisisAct, Notification
from scheduling.actions import city_approvals, decisions
from scheduling.actions._move import IllegalTransition
from scheduling.models import CityApproval, TransitionLog
from scheduling.states import State
from tests import make
from tests.races.arena import HOUR, rounds, rush, this_hour

pytestmark = pytest.mark.race
DECLARERS = 4
REFUSED = (acts.AlreadyRunning, acts.HasEnded, city_approvals.NotOurs, IllegalTransition)
MINUTE = HOUR / 60


def done(act, **arguments):
    """Whether an action of a thread of its own got through, or the refusal that it met."""
    try:
        with transaction.atomic():
            act(**arguments)
    except REFUSED as refusal:
        return type(refusal).__name__
    finally:
        connection.close()
    return "done"


def test_of_declarations_at_once_exactly_one_begins(idle_portal):
    make.institution("owner"), make.institution("borrower")
    officials = [make.city_user(f"official-{number}") for number in range(DECLARERS)]
    declaration = acts.Declaration(
        name_en="Flood", reason="The pumps failed.", kinds=("equipment",),
        relaxed=("shorter-notice",), hours=24, wait_minutes=0,
    )  # fmt: skip
    for number in range(1, rounds(2) + 1):
        now = this_hour() + number * HOUR
        answers = rush(
            [
                lambda by=by, now=now: done(acts.declare, declaration=declaration, by=by, now=now)
                for by in officials
            ]
        )
        assert sorted(answers) == ["AlreadyRunning"] * (DECLARERS - 1) + ["done"]
        crisis = Crisis.objects.get(is_open=True)
        assert Crisis.objects.count() == CrisisAct.objects.filter(act="declared").count()
        told = Notification.unscoped.filter(object_id=crisis.pk, event="crisis.declared")
        assert told.count() == DECLARERS  # each of the city's people, once
        acts.end(crisis=crisis, reason="Over.", by=officials[0], now=now)


@dataclass
class Emergency:
    """A crisis that is about to end, and an emergency that its owner does not answer."""

    def __post_init__(self):
        self.now = this_hour()
        owner, borrower = make.institution("owner"), make.institution("borrower")
        device = make.equipment(owner, last_safety_test=self.now.date())
        make.offer(device, now=self.now)
        self.official = make.city_user()
        self.approver = make.user(at=owner, role="approver")
        self.crisis = make.crisis(owner, borrower, starts_at=self.now - HOUR, by=self.official)
        self.request = make.sharing_request(
            device, borrower, priority="stat", now=self.now, agreement_accepted_at=self.now
        )

    def end(self):
        said = {"reason": "Over.", "by": self.official, "now": self.now + MINUTE}
        return done(acts.end, crisis=self.crisis, **said)

    def approve_as_owner(self):
        said = {"by": self.approver, "now": self.now + 2 * MINUTE}
        return done(decisions.approve, sharing_request=self.request, **said)

    def approve(self):
        said = {"reason": "Nobody answers.", "by": self.official, "now": self.now + 2 * MINUTE}
        return done(city_approvals.approve, sharing_request=self.request, **said)


def test_an_approval_by_the_city_and_the_end_are_one_after_the_other(idle_portal):
    """Either the approval was within the crisis, or it is refused; never a yes after the end."""
    emergency = Emergency()
    ended, approved = rush([emergency.end, emergency.approve])
    assert ended == "done"
    emergency.request.refresh_from_db()
    got_through = approved == "done"
    assert approved in ("done", "NotOurs", "HasEnded")
    assert (emergency.request.state == State.APPROVED) is got_through
    assert CityApproval.unscoped.count() == got_through
    if got_through:
        step = TransitionLog.unscoped.get(transition="approve_by_city")
        end = CrisisAct.objects.get(act="ended")
        assert step.data["crisis"] == end.crisis_id


def test_of_the_owner_and_the_city_at_once_one_approves(idle_portal):
    emergency = Emergency()
    answers = rush([emergency.approve, emergency.approve_as_owner, emergency.approve])
    assert sorted(answers) == ["IllegalTransition", "IllegalTransition", "done"]
    steps = TransitionLog.unscoped.filter(to_state=State.APPROVED)
    by_city = steps.get().transition == "approve_by_city"
    assert CityApproval.unscoped.count() == by_city == (answers[1] != "done")


def test_the_end_waits_for_an_approval_that_is_under_way(idle_portal, monkeypatch):
    """The approval holds the crisis: who ends it meanwhile is served after it."""
    emergency, order = Emergency(), []
    under_way = threading.Event()
    real = city_approvals.decline_competitors

    def slowly(*args, **fields):
        under_way.set()
        ender.join(1)  # it cannot get through
        order.append("approved")
        return real(*args, **fields)

    def end():
        under_way.wait(10)
        emergency.end()
        order.append("ended")

    monkeypatch.setattr(city_approvals, "decline_competitors", slowly)
    ender = threading.Thread(target=end)
    ender.start()
    assert emergency.approve() == "done"
    ender.join()
    assert order == ["approved", "ended"]
    assert not Crisis.objects.get().is_open


def test_twin_without_its_lock_only_the_database_refuses_an_approval_after_the_end(
    idle_portal, monkeypatch
):
    if connection.vendor == "sqlite":
        return  # there the transaction itself is the lock
    emergency = Emergency()

    def overtaken(crisis, *, now):
        ender = threading.Thread(target=emergency.end)
        ender.start()
        ender.join()
        return crisis

    monkeypatch.setattr(city_approvals, "lock_running", overtaken)
    with pytest.raises(DatabaseError, match="city_approval_within_a_crisis"):
        emergency.approve()
    assert not CityApproval.unscoped.exists()
