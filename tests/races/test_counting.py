"""Counting days under races and kill -9: each row once and right, no mark forgotten."""

import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from reports.actions import marks, usage, verifying
from reports.actions.waits import CITY
from reports.models import CountedDays, DailyRollup, DayMark
from tests import make
from tests.plugins.server import ROOT

pytestmark = pytest.mark.race
DAY = timedelta(days=1)
SHARES = 12
# The job of another process: each institution takes a while, so that the runs meet.
SLOWLY = """
import time
from django.utils import timezone
from reports.actions import counting
recount = counting.recount
def slowly(*arguments, now):
    time.sleep(0.3)
    return recount(*arguments, now=now)
counting.recount = slowly
counting.count_days(now=timezone.now())
"""


@pytest.fixture
def town(idle_portal):
    """Shares of the last days between four institutions, counted up to the day before them."""
    places = [make.institution(f"place-{number}") for number in range(4)]
    people = {place.pk: make.user(at=place, role="approver") for place in places}
    now = timezone.now()
    for number in range(SHARES):
        owner, borrower = places[number % 4], places[(number + 1) % 4]
        starts = now - 6 * DAY + timedelta(hours=9 * number)
        make.sharing_request(
            make.equipment(owner), borrower, state="closed", starts_at=starts, now=starts,
            by=people[borrower.pk], decided_by=people[owner.pk],
            ended_at=starts + timedelta(hours=9),
        )  # fmt: skip
    usage.record_missing(now=now)
    first = (now - 8 * DAY).date()
    for key in (CITY, *people):
        CountedDays.unscoped.create(
            institution_key=key, first_day=first, last_day=first, counted_at=now
        )
    for place in places:
        marks.leave(place.pk, first=first, last=first + 3 * DAY, cause="test", now=now)
    return idle_portal.environment


def job(environment):
    command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", SLOWLY]
    return subprocess.Popen(command, cwd=ROOT, env=environment)


def every_day_is_right():
    assert list(verifying.differences()) == []
    assert not DayMark.unscoped.exists()
    used = DailyRollup.unscoped.filter(side="owner").values_list("used", flat=True)
    assert sum(used) == SHARES * 8 * 3600


def test_two_counts_at_once_count_every_day_once(town):
    runs = [job(town), job(town)]
    assert [run.wait(timeout=120) for run in runs] == [0, 0]
    every_day_is_right()


def test_several_processes_rebuild_every_day_once_on_postgresql_and_are_refused_on_sqlite(town):
    first = CountedDays.unscoped.order_by("first_day").first().first_day
    command = ["rollups", "--rebuild", "--processes=2", f"--first={first}"]
    done = subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=town, check=False,
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    if connection.vendor == "sqlite":
        assert "one writer" in done.stderr
        return
    assert "4 of 4 institutions" in done.stdout, done.stderr
    every_day_is_right()


def test_a_count_that_is_killed_leaves_whole_institutions_and_the_next_one_ends_it(town):
    run = job(town)
    deadline = time.monotonic() + 60
    while not DailyRollup.unscoped.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    run.kill()
    run.wait(timeout=60)
    left = set(DayMark.unscoped.values_list("institution_key", flat=True)) - {CITY}
    assert 0 < len(left) < 4
    done = CountedDays.unscoped.exclude(pk__in=left | {CITY})  # the city comes last
    assert all(row.last_day > row.first_day for row in done)
    assert {found.key.institution_key for found in verifying.differences()} <= left | {CITY}
    assert job(town).wait(timeout=120) == 0
    every_day_is_right()
