"""Matching rounds in processes of their own: killed, stopped, side by side."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from scheduling.actions.rounds import giving_up, ordering, publishing
from scheduling.actions.rounds.signs_of_life import GIVEN_UP
from scheduling.models import MatchingRun, Proposal
from scheduling.round_states import Stale
from tests import make
from tests.plugins.server import ROOT
from tests.races import truths
from tests.races.arena import HOUR, rounds, rush, this_hour

pytestmark = [pytest.mark.race, pytest.mark.long]
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
PATIENCE = 120  # seconds


class Rounds:
    """Hospitals that ask for more hours of one class of devices than there are."""

    def __init__(self, portal, *, devices: int, needs: int):
        self.portal, self.now = portal, this_hour() + HOUR
        self.owner, self.borrower = make.institution("owner"), make.institution("borrower")
        self.official = make.city_user()
        self.asker = make.user(at=self.borrower, role="coordinator")
        self.category = make.category("ventilators")
        for _number in range(devices):
            device = make.equipment(
                self.owner, category=self.category, last_safety_test=self.now.date()
            )
            make.offer(device, now=self.now, intervals=[(self.now, self.now + 7 * DAY)])
        for number in range(needs):
            start = self.now + 24 * HOUR + number % 40 * 3 * HOUR
            make.need(
                self.borrower, category=self.category, now=self.now, starts_at=start,
                ends_at=start + (3 + number % 5) * HOUR, flexible_hours=6 + number % 7 * 3,
            )  # fmt: skip
        self.processes = {}

    def order(self, *, institution=None) -> MatchingRun:
        with transaction.atomic():
            return ordering.order(
                terms=ordering.RoundTerms(kinds=("equipment",)),
                institution=institution,
                by=self.asker if institution else self.official,
                now=timezone.now(),
            )

    def launch(self, pk: int) -> None:
        command = [sys.executable, "manage.py", "compute_round", str(pk)]
        self.processes[pk] = subprocess.Popen(
            command, cwd=ROOT, env=self.portal.environment, stdin=subprocess.DEVNULL
        )

    def start(self) -> int:
        return ordering.start_waiting(launch=self.launch, now=timezone.now())

    def computing(self, run: MatchingRun) -> MatchingRun:
        """The round once the matcher has said how far it is."""
        return self.once(run, lambda row: row.progress)

    def done(self, run: MatchingRun) -> MatchingRun:
        row = self.once(run, lambda row: row.state not in ("queued", "running"))
        self.processes[run.pk].wait(PATIENCE)
        return row

    def once(self, run: MatchingRun, holds) -> MatchingRun:
        deadline = time.monotonic() + PATIENCE
        while not holds(row := MatchingRun.unscoped.get(pk=run.pk)):
            assert time.monotonic() < deadline, (row.state, row.progress, row.error)
            time.sleep(0.1)
        return row

    def kill(self, run: MatchingRun) -> None:
        self.processes[run.pk].send_signal(signal.SIGKILL)
        assert self.processes[run.pk].wait(PATIENCE) == -signal.SIGKILL

    def end(self) -> None:
        for process in self.processes.values():
            if process.poll() is None:
                process.kill()
                process.wait()


@pytest.fixture
def city(idle_portal):
    """A function that makes a city; what still computes in the end is killed."""
    made = []

    def make_city(**fields):
        made.append(Rounds(idle_portal, **fields))
        return made[-1]

    yield make_city
    for each in made:
        each.end()


def test_a_round_killed_midway_is_taken_up_anew_once_and_blocks_nobody(city):
    city = city(devices=8, needs=240)
    run = city.order()
    for attempt in (1, 2):
        assert city.start() == 1
        row = city.computing(run)
        assert (row.state, row.attempt) == ("running", attempt)
        city.kill(run)
        assert giving_up.give_up_lost(now=timezone.now()) == 0  # it was alive a moment ago
        assert giving_up.give_up_lost(now=timezone.now() + 2 * MINUTE) == 1
    row.refresh_from_db()
    assert (row.state, row.error) == ("failed", "died")
    assert not Proposal.unscoped.exists()

    another = city.order()
    city.start()
    city.computing(another)
    with transaction.atomic():
        ordering.stop(run=another, by=city.official, now=timezone.now())
    assert city.done(another).state == "proposed"


def test_a_round_that_is_stopped_keeps_the_best_plan_so_far(city):
    city = city(devices=8, needs=240)
    run = city.order()
    city.start()
    row = city.computing(run)
    first_sign = row.alive_at
    assert city.once(run, lambda row: row.alive_at > first_sign).state == "running"
    with transaction.atomic():
        ordering.stop(run=run, by=city.official, now=timezone.now())
    asked = time.monotonic()
    row = city.done(run)
    assert time.monotonic() - asked < 30
    assert row.state == "proposed"
    assert row.results["kinds"]["equipment"]["status"] == "stopped"
    served = Proposal.unscoped.filter(run=run).count()
    assert served == sum(row.results["compare"]["plan"]["served"].values()) > 0


def test_a_process_whose_round_was_given_up_ends_itself(city):
    city = city(devices=8, needs=240)
    run = city.order()
    city.start()
    city.computing(run)
    process = city.processes[run.pk]
    os.kill(process.pid, signal.SIGSTOP)  # a machine that stands still for a while
    assert giving_up.give_up_lost(now=timezone.now() + 2 * MINUTE) == 1
    os.kill(process.pid, signal.SIGCONT)
    assert process.wait(PATIENCE) in (GIVEN_UP, 0)
    assert MatchingRun.unscoped.get(pk=run.pk).state == "queued"
    assert not Proposal.unscoped.exists()


def published(run: MatchingRun, by) -> str:
    """What somebody was told who published a round, in a thread of its own."""
    try:
        with transaction.atomic():
            publishing.publish(run=run, by=by, now=timezone.now())
    except publishing.NothingToPublish:
        return "nothing"
    finally:
        connection.close()
    return "published"


@pytest.mark.parametrize("own", [(False, False), (True, True), (False, True)])
def test_two_rounds_over_the_same_needs_never_give_anything_twice(city, own):
    """Of the city, of one institution, of one of each: computed and published side by side."""
    city = city(devices=2, needs=12)
    for _number in range(rounds(1)):
        both = [city.order(institution=city.borrower if mine else None) for mine in own]
        assert city.start() == 2
        assert {city.done(run).state for run in both} == {"proposed"}
        drafted = [set(_pairs(run, "proposed")) for run in both]
        assert drafted[0] & drafted[1]

        answers = rush(
            [
                lambda run=run, mine=mine: published(run, city.asker if mine else city.official)
                for run, mine in zip(both, own, strict=True)
            ]
        )

        assert "published" in answers
        assert truths.broken() == {}
        lines = Proposal.unscoped.filter(run__in=both)
        standing = list(lines.filter(state="published").values_list("need", flat=True))
        assert len(standing) == len(set(standing)) > 0
        second = lines.filter(run__state="published", state="struck")
        assert set(second.values_list("stale", flat=True)) <= {Stale.TAKEN, Stale.NOT_NEEDED}
        if sorted(answers) == ["published", "published"]:
            assert second.exists()
        _answered_by_nobody()


def _pairs(run: MatchingRun, state: str):
    return Proposal.unscoped.filter(run=run, state=state).values_list("need", flat=True)


def _answered_by_nobody() -> None:
    Proposal.unscoped.filter(state="published").update(state="expired")
