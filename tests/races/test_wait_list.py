"""One place, one promise: the job run by several at once, and killed in the middle."""

import os
import signal
import threading
from contextlib import suppress

import pytest
from django.db import connection, connections, transaction

from medshare_portal.models import Notification
from medshare_portal.refusals import Refusal
from scheduling.actions import decisions, promises, requests
from scheduling.models import FreedTime, SharingRequest, WaitlistEntry
from scheduling.states import Side, State
from scheduling.waiting import WaitState
from tests import make
from tests.races.arena import HOUR, rounds, this_hour
from tests.races.truths import broken

pytestmark = pytest.mark.race
JOBS, WAITING = 4, 6


class Line:
    """Six hospitals in line for the same day of one ventilator, and for any of its category."""

    def __init__(self, number: int):
        self.now = this_hour()
        self.owner = make.institution(f"owner{number}")
        self.device = make.equipment(self.owner, last_safety_test=self.now.date())
        make.offer(self.device, now=self.now)
        day = {"starts_at": self.now + 48 * HOUR, "ends_at": self.now + 72 * HOUR}
        self.booked = make.sharing_request(
            self.device, make.institution(f"holder{number}"), state=State.APPROVED, **day
        )
        for place in range(WAITING):
            who = make.institution(f"waiting{number}x{place}")
            one = {"resource": self.device} if place % 2 else {"category": self.device.category}
            make.waitlist_entry(who, hours=12, now=self.now, **one, **day)

    def free(self):
        with transaction.atomic():
            requests.cancel(
                sharing_request=self.booked, side=Side.BORROWER, by=self.booked.created_by,
                now=self.now, reason_code="no_longer_needed",
            )  # fmt: skip

    def run_jobs(self, times=JOBS):
        start = threading.Barrier(times)

        def job():
            try:
                start.wait()
                promises.offer_freed(now=self.now)
            finally:
                connection.close()

        threads = [threading.Thread(target=job) for _job in range(times)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def held(self):
        return SharingRequest.unscoped.filter(resource=self.device, state=State.HELD)

    def assert_one_promise_per_place(self):
        offered = WaitlistEntry.unscoped.filter(state=WaitState.OFFERED, kind="equipment")
        mine = offered.filter(promise__resource=self.device)
        assert sorted(mine.values_list("promise", flat=True)) == sorted(
            self.held().values_list("pk", flat=True)
        )
        assert self.held().count() == 2  # a day of 24 hours, 12 for each
        keys = {f"waitlist-place:{pk}:{held}" for pk, held in mine.values_list("pk", "promise")}
        told = Notification.unscoped.filter(event_key__in=keys)
        assert told.count() == len(keys)
        assert broken() == {}


def test_several_jobs_at_once_promise_each_place_once(idle_portal):
    for number in range(rounds(3)):
        line = Line(number)
        line.free()
        line.run_jobs()
        line.assert_one_promise_per_place()
        assert not FreedTime.unscoped.filter(handled_at=None).exists()


def test_a_job_that_is_killed_in_the_middle_leaves_no_half_promise(idle_portal):
    line = Line(0)
    line.free()
    connections.close_all()
    child = os.fork()
    if child == 0:
        promises.audit.record = lambda **_facts: os.kill(os.getpid(), signal.SIGKILL)
        promises.offer_freed(now=line.now)
        os._exit(1)
    _pid, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert not line.held().exists()
    assert not WaitlistEntry.unscoped.filter(state=WaitState.OFFERED).exists()
    line.run_jobs(2)
    line.assert_one_promise_per_place()


def test_no_rival_gets_a_place_while_it_is_taken(idle_portal):
    """The first in line takes its place; at the same moment others ask for the same hours, hold
    them, and the owner approves one who asked before."""
    for number in range(rounds(3)):
        line = Line(number)
        line.free()
        line.run_jobs(1)
        entry = WaitlistEntry.unscoped.filter(promise__in=line.held()).order_by("pk").first()
        rival = make.sharing_request(
            line.device, make.institution(f"rival{number}"), now=line.now,
            starts_at=entry.promise.starts_at, ends_at=entry.promise.ends_at,
        )  # fmt: skip
        approver = make.user(at=line.owner, role="approver")
        at_once(
            lambda entry=entry, line=line: take(entry, line.now),
            *[lambda rival=rival, line=line: ask_too(rival, line.now)] * 2,
            lambda rival=rival, line=line, by=approver: decisions.approve(
                sharing_request=rival, by=by, now=line.now
            ),
        )
        taken = SharingRequest.unscoped.get(pk=entry.promise_id)
        assert (taken.state, taken.hold_expires_at) == (State.REQUESTED, taken.starts_at)
        rival.refresh_from_db()
        assert rival.state == State.REQUESTED
        assert broken() == {}


def take(entry, now):
    held = entry.promise
    terms = requests.RequestTerms(
        starts_at=held.starts_at, ends_at=held.ends_at, purpose="Ours is in repair",
        agreement_accepted=True, delivery_site=entry.borrower.sites.first(),
    )  # fmt: skip
    requests.ask(
        resource=held.resource, borrower=entry.borrower, terms=terms, by=entry.created_by,
        now=now, hold=held,
    )  # fmt: skip


def ask_too(rival, now):
    requests.hold(
        resource=rival.resource, borrower=rival.borrower, starts_at=rival.starts_at,
        ends_at=rival.ends_at, units=1, by=rival.created_by, now=now,
    )  # fmt: skip


def at_once(*steps):
    """All of them in threads of their own, each in a transaction; a refusal is no failure."""
    start = threading.Barrier(len(steps))

    def run(step):
        try:
            start.wait()
            with suppress(Refusal), transaction.atomic():
                step()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[step]) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
