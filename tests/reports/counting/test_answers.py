"""Answers count on the day of the decision, however long what was agreed then runs."""

from datetime import timedelta

import pytest

from reports.actions import rebuilding
from reports.models import DailyRollup, DayMark, WaitsOfDay
from reports.periods import Period
from reports.queries.all_figures import all_figures
from scheduling.kinds.information.actions import asking, deciding
from tests import make
from tests.reports.counting.town import DAY, HOUR, START
from tests.scheduling.information.conftest import wanted

pytestmark = pytest.mark.django_db
TODAY = START.date()


def figure(town, code, institution=None, part=""):
    found = all_figures(institution, Period(TODAY, TODAY), now=town.now)
    return next(one for one in found if (one.code, one.part) == (code, part))


def test_a_loan_that_runs_is_answered_on_its_day_and_stays_so_once_it_is_back(town):
    town.count()
    asked = town.ask(town.devices[0], after=5 * HOUR, hours=6 * 24)
    town.now += 2 * HOUR
    town.approve(asked)
    town.now += 3 * HOUR
    town.hand_over(asked)
    for later, step in ((DAY, None), (5 * DAY, town.bring_back), (HOUR, town.close), (DAY, None)):
        town.now += later
        if step:
            step(asked)
        town.count()
        for side in ("owner", "borrower"):
            days = DailyRollup.unscoped.filter(side=side, answered__gt=0)
            assert [(row.day, row.answered, row.answered_in_time) for row in days] == [
                (TODAY, 1, 1)
            ]
        assert WaitsOfDay.unscoped.get(step="answer").day == TODAY
        assert town.differences() == []
        for institution in (None, town.owner):
            made = figure(town, "in_time", institution)
            assert (made.numerator, made.denominator) == (1, 1)
            wait = figure(town, "median", institution, "Sent → decided")
            assert wait.value == pytest.approx(2, rel=0.03)
    # The handover counts where the loan ended.
    assert WaitsOfDay.unscoped.get(step="start").day == TODAY + timedelta(days=6)


def test_grants_count_when_they_are_decided_and_not_when_they_are_over(town):
    asset = make.asset(town.owner)
    for state, glass in (
        ("underway", False), ("approved", False), ("closed", False), ("declined", False),
        ("countered", False), ("requested", False), ("underway", True),
    ):  # fmt: skip
        make.access_request(asset, town.borrower, state=state, glass=glass, now=town.now)
    town.now += 2 * DAY
    rebuilding.rebuild(first=TODAY, last=TODAY, now=town.now)
    for institution in (None, town.owner):
        made = figure(town, "grants_approved", institution)
        assert (made.measure.numerator, made.measure.denominator) in ((3, 4), (None, None))
    row = DailyRollup.unscoped.get(day=TODAY, side="owner", kind="information")
    assert (row.grants_approved, row.grants_denied) == (3, 1)


def test_an_answer_that_is_taken_back_by_asking_again_counts_no_longer_on_its_day(town):
    asset = make.asset(town.owner)
    steward = make.user(at=town.owner, role="information_steward")
    town.count()
    asked = asking.ask(
        resource=asset, borrower=town.borrower, asked=wanted(town.now), by=town.asker, now=town.now
    )
    deciding.return_for_changes(sharing_request=asked, by=steward, now=town.now, text="Again")
    town.now += DAY
    town.count()
    assert DailyRollup.unscoped.get(day=TODAY, side="owner", kind="information").answered == 1
    asking.resubmit(
        sharing_request=asked, asked=wanted(town.now, looks=2), by=town.asker, now=town.now
    )
    marks = DayMark.unscoped.filter(cause="resubmit").values_list("first_day", "last_day")
    assert set(marks) == {(TODAY, TODAY)}
    town.count()
    assert DailyRollup.unscoped.get(day=TODAY, side="owner", kind="information").answered == 0
    assert not WaitsOfDay.unscoped.exists()
    assert town.differences() == []
