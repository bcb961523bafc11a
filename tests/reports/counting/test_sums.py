"""Sums of days: always what the rows of days add up to, and read instead of them."""

from datetime import date, timedelta
from random import Random

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum

from reports import periods
from reports.actions import counting, rebuilding
from reports.models import CountedDays, DailyRollup, DayMark, RollupSum
from reports.queries import figures, numbers
from reports.rollups.columns import COLUMNS
from tests.reports.counting.town import DAY, HOUR, START

pytestmark = pytest.mark.django_db
LEVELS = {"house-day", "house-month", "class-month", "city-day", "city-month"}


@pytest.fixture
def lent(town):
    """Loans of two months, counted."""
    town.count()
    for number in range(3):
        loan = town.lend(town.devices[number % 2], hours=30 + number)
        town.now += 11 * DAY
        town.bring_back(loan)
        town.close(loan)
    town.now += DAY
    town.count()
    assert {day.month for day in DailyRollup.unscoped.values_list("day", flat=True)} == {3, 4}
    return town


def of_rows(first: date, last: date, by: tuple[str, ...], **equal) -> dict:
    """By the database, from the days themselves; seconds become hours as in the figures."""
    rows = DailyRollup.unscoped.filter(day__range=(first, last), **equal).order_by()
    sums = {f"sum_{name}": Sum(name) for name in COLUMNS}
    if not by:
        return {(): tuple(number or 0 for number in rows.aggregate(**sums).values())}
    found = rows.values_list(*by).annotate(**sums)
    return {values[: len(by)]: values[len(by) :] for values in found}


SPANS = [(0, 0), (0, 40), (-2, 28), (5, 20), (29, 40)]
ASKED = [
    (), ("side",), ("kind", "side"), ("kind", "category_code"), ("institution_key", "side"),
    ("institution_key", "category_code"), ("day",), ("side", "day", "institution_key"),
]  # fmt: skip


@pytest.mark.parametrize("by", ASKED)
def test_whatever_is_asked_is_the_sum_of_the_rows(lent, by):
    for since, until in SPANS:
        first, last = (START + timedelta(days=since)).date(), (START + timedelta(days=until)).date()
        whole = of_rows(first, last, by)
        found = dict(figures.grouped(numbers.of_city(), first, last, by=by))
        assert {key: (s.hours.used * 3600, s.ended, s.charged) for key, s in found.items()} == {
            key: (row[COLUMNS.index("used")], row[COLUMNS.index("ended")], _money(row))
            for key, row in whole.items()
            if any(row)
        }
        own = figures.total(numbers.of(lent.owner), first, last, side="owner")
        mine = of_rows(first, last, (), institution_key=lent.owner.pk, side="owner")[()]
        assert own.hours.offered * 3600 == mine[COLUMNS.index("offered")]


def _money(row) -> dict:
    amount = row[COLUMNS.index("charged")]
    return {"CNY": amount / 100} if amount else {}


def test_a_month_is_read_as_a_month_and_its_ends_as_days(lent):
    whole = periods.whole_months
    assert whole(date(2026, 3, 1), date(2026, 4, 30)) == (date(2026, 3, 1), date(2026, 4, 1))
    assert whole(date(2026, 3, 2), date(2026, 4, 29)) is None
    assert whole(date(2025, 12, 31), date(2026, 2, 1)) == (date(2026, 1, 1), date(2026, 1, 1))
    RollupSum.unscoped.filter(level="house-month").update(used=7)
    found = figures.grouped(
        numbers.of_city(), date(2026, 3, 1), date(2026, 4, 1), by=("institution_key", "side")
    )
    assert all(sums.hours.used >= 7 / 3600 for _key, sums in found)
    RollupSum.unscoped.filter(level="city-day").delete()
    assert figures.grouped(numbers.of_city(), START.date(), START.date(), by=("kind",)) == []


def test_of_a_month_of_which_most_is_wanted_the_rest_is_taken_away(lent):
    cut, period = periods.cut, periods.Period
    assert cut(date(2026, 3, 1), date(2026, 4, 30)) == periods.Cut(
        (date(2026, 3, 1), date(2026, 4, 1)), (), ()
    )
    assert cut(date(2025, 11, 29), date(2026, 2, 25)) == periods.Cut(
        (date(2025, 12, 1), date(2026, 2, 1)),
        (period(date(2025, 11, 29), date(2025, 11, 30)),),
        (period(date(2026, 2, 26), date(2026, 2, 28)),),
    )
    assert cut(date(2026, 3, 3), date(2026, 3, 9)).months is None
    rng = Random(3)
    by = ("institution_key", "category_code")
    for _turn in range(12):
        first = START.date() + timedelta(days=rng.randint(-40, 40))
        last = first + timedelta(days=rng.randint(0, 70))
        found = dict(figures.grouped(numbers.of_city(), first, last, by=by))
        assert {key: round(sums.hours.used * 3600) for key, sums in found.items()} == {
            key: row[COLUMNS.index("used")]
            for key, row in of_rows(first, last, by).items()
            if any(row)
        }


def test_every_level_is_written_once_and_verified(lent):
    assert set(RollupSum.unscoped.values_list("level", flat=True)) == LEVELS
    assert lent.differences() == []
    before = set(RollupSum.unscoped.values_list("pk", flat=True))
    rebuilding.rebuild(first=START.date(), last=lent.now.date(), now=lent.now)
    assert set(RollupSum.unscoped.values_list("pk", flat=True)) == before


@pytest.mark.parametrize("level", sorted(LEVELS))
def test_a_sum_that_was_changed_is_named_and_made_right_by_a_rebuild(lent, level):
    row = RollupSum.unscoped.filter(level=level, used__gt=0).order_by("pk").first()
    RollupSum.unscoped.filter(pk=row.pk).update(used=row.used + 5)
    assert any(f"(sum: {level}) used: stored {row.used + 5}" in t for t in lent.differences())
    rebuilding.rebuild(first=START.date(), last=lent.now.date(), now=lent.now)
    assert lent.differences() == []


def test_a_change_of_the_past_tells_the_city_and_moves_its_sums(lent):
    used = figures.total(numbers.of_city(), START.date(), lent.now.date(), side="owner").hours
    lent.keep(lent.devices[0], since=-40 * HOUR, hours=6)
    lent.count()
    assert not DayMark.unscoped.exists()
    now = figures.total(numbers.of_city(), START.date(), lent.now.date(), side="owner").hours
    assert now.own_used > used.own_used
    assert lent.differences() == []


def test_a_long_mark_is_counted_month_by_month_and_what_is_left_stays(lent, monkeypatch):
    """As after an upgrade: stopped in between, it goes on where it was."""
    CountedDays.unscoped.update(first_day=date(2026, 1, 1))
    for key in (lent.owner.pk, 0):
        DayMark.unscoped.create(
            institution_key=key, first_day=date(2026, 1, 10), last_day=date(2026, 3, 31),
            cause="upgrade", marked_at=lent.now,
        )  # fmt: skip
    DailyRollup.unscoped.filter(institution_key=lent.owner.pk, day__month=3).update(used=1)
    recount, seen = counting.recount, []

    def twice(institution, first, last, *, now):
        seen.append((institution, first, last))
        if len(seen) > 2:
            raise KeyboardInterrupt
        return recount(institution, first, last, now=now)

    monkeypatch.setattr(counting, "recount", twice)
    with pytest.raises(KeyboardInterrupt):
        lent.count()
    assert [span[1:] for span in seen] == [
        (date(2026, 1, 10), date(2026, 1, 31)), (date(2026, 2, 1), date(2026, 2, 28)),
        (date(2026, 3, 1), date(2026, 3, 31)),
    ]  # fmt: skip
    monkeypatch.undo()
    left = DayMark.unscoped.get(institution_key=lent.owner.pk)
    assert (left.first_day, left.last_day) == (date(2026, 3, 1), date(2026, 3, 31))
    heard = []
    counting.count_days(now=lent.now, tell=heard.append)
    assert len(heard) >= 4
    assert lent.differences() == []
    assert not DayMark.unscoped.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"level": "house-week"}, {"institution_key": 0}, {"category_code": "x"}, {"used": -1},
        {"side": "city"}, {"level": "city-day"},
    ],
)  # fmt: skip
def test_the_database_refuses_a_sum_of_nothing(lent, change):
    row = RollupSum.unscoped.filter(level="house-day").order_by("pk").first()
    values = ", ".join(f"{name} = %s" for name in change)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE reports_rollupsum SET {values} WHERE id = {row.pk}", list(change.values())
        )
    copied = {name: getattr(row, name) for name in ("level", "day", "institution_key", "side")}
    with pytest.raises(IntegrityError), transaction.atomic():
        RollupSum.unscoped.create(**copied, kind=row.kind, category_code="", currency=row.currency)


def test_a_random_walk_of_spans_agrees(lent):
    rng = Random(7)
    for _turn in range(12):
        first = START.date() + timedelta(days=rng.randint(-40, 40))
        last = first + timedelta(days=rng.randint(0, 70))
        month = dict(figures.grouped(numbers.of_city(), first, last, by=("month",), side="owner"))
        days = figures.grouped(numbers.of_city(), first, last, by=("day",), side="owner")
        for (key,), sums in month.items():
            there = [one.hours.used for (day,), one in days if day.replace(day=1) == key]
            assert sums.hours.used == pytest.approx(sum(there))
