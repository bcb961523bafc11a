"""Figures on random worlds against the slow and obvious way."""

from datetime import UTC, datetime, timedelta
from statistics import quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as some

from reports.kpis import equity, fulfilment, spans, turnaround, uptime, utilisation, wastage
from tests.reports.kpis import slow_figures as slow

pytestmark = pytest.mark.once

CLOSE = {"rel": 1e-9, "abs": 1e-9}
share = some.integers(0, 500) | some.floats(0, 1e4, width=32)
world = some.lists(
    some.tuples(share, some.integers(1, 9), some.sampled_from("nesw"), some.integers(0, 5)),
    min_size=1,
    max_size=12,
).filter(lambda rows: sum(row[0] for row in rows) > 1e-3)
MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)
minutes = some.lists(some.tuples(some.integers(-90, 400), some.integers(-90, 400)), max_size=8)


@given(world)
def test_gini_is_the_mean_difference_of_every_two(rows):
    x, weights, _groups, _need = zip(*rows, strict=True)
    assert equity.gini(x).value == pytest.approx(slow.gini(x), **CLOSE)
    by_person = slow.gini(slow.people(x, weights))
    assert equity.gini_weighted(x, weights).value == pytest.approx(by_person, **CLOSE)


@given(world)
def test_theil_counts_everybody_and_falls_into_two(rows):
    x, weights, groups, _need = zip(*rows, strict=True)
    made = equity.theil(x, weights, groups)
    by_person, group_of = slow.people(x, weights), slow.people(groups, weights)
    assert made.total.value == pytest.approx(slow.theil(by_person), **CLOSE)
    assert made.between.value == pytest.approx(slow.between(by_person, group_of), **CLOSE)
    assert made.between.value + made.within.value == pytest.approx(made.total.value, **CLOSE)


@given(world)
def test_concentration_ranks_everybody(rows):
    x, weights, _groups, need = zip(*rows, strict=True)
    expected = slow.concentration(slow.people(x, weights), slow.people(need, weights))
    assert equity.concentration(x, need, weights).value == pytest.approx(expected, **CLOSE)


@given(world, some.integers(1, 1000))
def test_equity_knows_no_unit_and_no_order(rows, factor):
    x, weights, _groups, _need = zip(*rows, strict=True)
    turned = [value * factor for value in x][::-1]
    for index in (equity.gini, equity.jain):
        assert index(turned).value == pytest.approx(index(x).value, **CLOSE)
    assert equity.gini_weighted(turned, weights[::-1]).value == pytest.approx(
        equity.gini_weighted(x, weights).value, **CLOSE
    )
    assert 1 / len(x) - 1e-9 <= equity.jain(x).value <= 1 + 1e-9
    assert -1e-9 <= equity.gini(x).value < 1


@given(world)
def test_the_lorenz_curve_rises_ever_steeper_from_corner_to_corner(rows):
    x, weights, _groups, _need = zip(*rows, strict=True)
    points = equity.lorenz(x, weights)
    assert points[0] == (0, 0)
    assert points[-1] == pytest.approx((1, 1))
    assert all(got <= so_far + 1e-9 for so_far, got in points)
    assert points == sorted(points)


@given(minutes)
def test_hours_are_those_minutes_that_lie_in_some_span(spans_of):
    period = (MIDNIGHT, MIDNIGHT + timedelta(minutes=300))
    made = [(MIDNIGHT + timedelta(minutes=a), MIDNIGHT + timedelta(minutes=b)) for a, b in spans_of]
    assert spans.hours(made, period) == pytest.approx(slow.hours(spans_of, 300))


@given(some.lists(some.integers(0, 50), min_size=1, max_size=40))
def test_nine_in_ten_wait_no_longer_than_the_slowest_tenth(waits):
    assert turnaround.slowest_tenth(waits).value == slow.slowest_tenth(waits)
    middle = quantiles(waits, n=2, method="inclusive")[0] if len(waits) > 1 else waits[0]
    assert turnaround.median_hours(waits).value == middle


@given(some.dictionaries(some.sampled_from("abcdefgh"), some.integers(0, 9)))
def test_the_reasons_add_up_to_all_that_stayed_unmet(counts):
    rows = fulfilment.pareto(counts)
    assert sum(row.count for row in rows) == sum(counts.values())
    assert [row.count for row in rows] == sorted((n for n in counts.values() if n), reverse=True)
    assert not rows or rows[-1].cumulative == pytest.approx(1)
    assert sum(row.share for row in rows) == pytest.approx(1 if rows else 0)


@given(some.lists(some.tuples(some.integers(1, 8), some.integers(0, 10)), min_size=1))
def test_load_is_counted_chair_by_chair_and_hour_by_hour(rows):
    taken = [load >= chair for hours, load in rows for _ in range(hours) for chair in range(1, 11)]
    pairs = [(load, hours) for hours, load in rows]
    assert utilisation.by_load(pairs, 10).value == pytest.approx(sum(taken) / len(taken))


@given(some.lists(some.tuples(some.integers(0, 24), some.booleans()), max_size=6))
def test_a_partial_fault_takes_every_second_hour(faults):
    outages = [
        uptime.Outage(hours, uptime.HARD if hard else uptime.PARTIAL) for hours, hard in faults
    ]
    lost = sum(2 if hard else 1 for hours, hard in faults for _ in range(hours))
    assert uptime.availability(168, outages).value == pytest.approx((168 * 2 - lost) / (168 * 2))


@given(some.lists(some.tuples(*[some.integers(0, 9)] * 3, some.integers(-5, 200))))
def test_what_was_rescued_is_counted_pack_by_pack(rows):
    lots = [wastage.Transferred(n, cost, left, used) for n, used, cost, left in rows]
    packs = [(cost, k < used) for n, used, cost, left in rows if 0 <= left <= 90 for k in range(n)]
    assert wastage.potential(lots, 90).value == sum(cost for cost, _used in packs)
    assert wastage.confirmed(lots, 90).value == sum(cost for cost, used in packs if used)
    assert wastage.potential_packs(lots, 90).value == len(packs)
