"""The numbers of days: right after anything that happens, and repaired where something changes."""

from datetime import date, timedelta
from functools import partial
from random import Random

import pytest

from reports.actions import demand, rebuilding
from reports.models import CountedDays, DailyRollup, DayMark, UsageFact, WaitsOfDay
from reports.periods import Period
from reports.queries.day_numbers import count
from resources.actions import resources
from scheduling.models import SharingRequest
from tests import make
from tests.reports.counting.town import DAY, HOUR, START, Town
from tests.reports.references.agreement import wrong

pytestmark = pytest.mark.django_db
STEPS = 90
HALF = HOUR / 2  # everything in the walk lies on halves of hours


def rows(**wanted):
    return DailyRollup.unscoped.filter(**wanted).order_by("day")


def hours(name, **wanted):
    """By day, without days of nothing."""
    found = {row.day: getattr(row, name) / 3600 for row in rows(**wanted)}
    return {day: number for day, number in found.items() if number}


def day(number: int) -> date:
    return START.date() + timedelta(days=number)


def test_a_loan_over_midnight_counts_on_each_of_its_days_and_on_both_sides(town):
    town.count()
    loan = town.lend(town.devices[0], hours=30)  # from 10:00 to 16:00 of the next day
    town.now += 30 * HOUR
    town.bring_back(loan)
    town.close(loan)
    town.now = START + 3 * DAY
    town.count()
    for side in ("owner", "borrower"):
        assert hours("used", side=side) == {day(0): 14, day(1): 16}
        assert hours("booked", side=side) == {day(0): 14, day(1): 16}
        assert [(row.requested, row.filled, row.lent) for row in rows(side=side, day__gte=day(0))][
            :2
        ] == [(1, 0, 0), (0, 1, 1)]
    assert hours("idle", side="owner")[day(0)] == 3 * 24 + 24 - 14
    assert town.differences() == []


def test_units_count_one_by_one(town):
    town.count()
    loan = town.lend(town.devices[1], hours=10, units=2)
    town.now += 10 * HOUR
    town.bring_back(loan)
    town.now = START + 2 * DAY
    town.count()
    assert hours("used", side="owner") == {day(0): 20}
    assert town.differences() == []


def test_an_unfinished_day_is_not_counted_and_a_finished_one_once(town):
    town.count()
    town.lend(town.devices[0], hours=60)
    town.now = START + timedelta(hours=14)  # 23:00
    assert town.count() == 0
    town.now = START + timedelta(hours=15, minutes=20)  # midnight, not settled yet
    assert town.count() == 0
    town.now = START + timedelta(hours=16)
    assert town.count() > 0
    assert town.count() == 0
    assert hours("used", side="owner") == {day(0): 14}


def test_what_changes_the_past_marks_its_days_and_no_others(town):
    town.count()
    booked = town.ask(town.devices[0], hours=40)
    town.approve(booked)
    town.now = START + 3 * DAY
    town.count()
    assert hours("booked", side="owner") == {day(0): 14, day(1): 24, day(2): 2}
    town.not_collected()
    marks = {(row.first_day, row.last_day, row.cause) for row in DayMark.unscoped.all()}
    assert marks <= {(day(0), day(2), "no_show")}
    assert DayMark.unscoped.count() == 2
    town.count()
    assert not DayMark.unscoped.exists()
    assert town.differences() == []


def test_kept_times_of_the_past_and_what_a_device_is_change_its_days(town):
    town.count()
    town.now = START + 4 * DAY
    town.count()
    device = town.devices[0]
    town.keep(device, since=-2 * DAY, hours=6)
    assert town.differences() != []
    town.count()
    assert hours("own_used", side="owner") == {day(2): 6}
    town.give_back(device)
    town.count()
    assert hours("own_used", side="owner") == {}
    other = make.category("other-class")
    device.refresh_from_db()
    type(device).unscoped.filter(pk=device.pk).update(created_at=START - DAY)
    resources.revise(
        resource=device, version=device.version, values={"category": other}, detail={},
        accessories=[], by=town.lender, now=town.now,
    )  # fmt: skip
    town.count()
    assert rows(category_code=other.slug).count() == 5
    assert town.differences() == []


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_after_any_walk_the_numbers_are_what_counting_again_comes_to(db, seed):
    rng = Random(seed)
    zone = ("Asia/Shanghai", "Europe/Berlin", "America/New_York")[seed % 3]
    town = Town(zone, START + timedelta(days=20))  # over the nights of clock changes
    town.count()
    loan = town.lend(town.devices[1], hours=30)
    town.now += 29 * HOUR
    town.bring_back(loan)
    town.close(loan)
    for _step in range(STEPS):
        _walk(town, rng)
        if rng.random() < 0.2:
            demand.record(now=town.now)
            town.count()
            assert town.differences() == []
    town.now += 2 * DAY
    demand.record(now=town.now)
    town.count()
    assert town.differences() == []
    used = sum(row.used for row in rows(side="owner"))
    assert used == sum(row.used for row in rows(side="borrower")) > 0
    ended = SharingRequest.unscoped.filter(ended_at__isnull=False, submitted_at__isnull=False)
    assert UsageFact.unscoped.filter(version=1).count() == ended.count() > 0
    assert UsageFact.unscoped.filter(version=2).exists()
    assert WaitsOfDay.unscoped.exists()
    counted = CountedDays.unscoped.get(pk=town.owner.pk)
    period = Period(counted.first_day, counted.last_day)
    for house in (None, town.owner, town.borrower):
        assert wrong(house, period, town.now, step=HALF) == {}


def _walk(town, rng):
    """One step of anybody, most often the one that comes next, then some hours."""
    device, open_ones = rng.choice(town.devices), town.open()
    request = rng.choice(open_ones) if open_ones else None
    if request is not None and rng.random() < 0.6:
        getattr(town, rng.choice(NEXT[request.state]))(request)
    else:
        rng.choice(_steps(town, device, rng))()
    town.now += rng.choice((0, 1, 3, 7, 11, 25)) * HOUR


# Most often what brings it on; sometimes what ends or changes it, and what is refused.
NEXT = {
    "requested": ["approve"] * 6 + ["decline", "withdraw", "close"],
    "approved": ["hand_over"] * 7 + ["cancel", "end_early", "take_back"],
    "underway": ["bring_back"] * 5 + ["end_early", "take_back", "cancel"],
    "finished": ["close"] * 5 + ["cancel"],
}


def _steps(town, device, rng):
    """What needs no request."""
    ask = partial(
        town.ask, device, after=rng.randint(1, 12) * HOUR, hours=rng.randint(2, 60),
        units=rng.randint(1, device.units),
    )  # fmt: skip
    keep = partial(town.keep, device, since=-rng.randint(1, 90) * HOUR, hours=rng.randint(1, 20))
    give_back, offer = partial(town.give_back, device), partial(town.offer_anew, device)
    rename, settle = partial(town.rename, device, rng), partial(town.settle, rng)
    steps = [*[ask] * 5, keep, keep, give_back, offer, town.not_collected]
    return [*steps, rename, settle, town.lose_a_fact]


def test_a_row_that_was_changed_is_named_and_counted_right_again(town):
    town.count()
    town.lend(town.devices[0], hours=60)
    town.now = START + 2 * DAY
    town.count()
    row = rows(side="owner", day=day(0)).get()
    rows(pk=row.pk).update(used=row.used + 60)
    rows(side="borrower", day=day(1)).delete()
    found = town.differences()
    assert any("used: stored 50460, counted 50400" in text for text in found)
    assert any("borrower" in text and "stored 0" in text for text in found)
    rebuilding.rebuild(first=day(0), last=day(1), now=town.now)
    assert town.differences() == []


def test_rebuilding_reaches_back_to_what_was_before(town):
    town.lend(town.devices[0], hours=60)
    town.now = START + 5 * DAY
    town.count()
    assert CountedDays.unscoped.get(pk=town.owner.pk).first_day == day(4)
    rebuilding.rebuild(first=day(1), last=day(1), now=town.now)
    counted = CountedDays.unscoped.get(pk=town.owner.pk)
    assert (counted.first_day, counted.last_day) == (day(1), day(4))
    assert set(hours("used", side="owner")) == {day(1), day(2), day(3), day(4)}
    assert town.differences() == []


def test_nothing_is_counted_of_an_institution_without_anything(town):
    stranger = make.institution("stranger")
    assert count(stranger.pk, day(0), day(9)) == {}
