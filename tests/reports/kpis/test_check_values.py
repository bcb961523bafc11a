"""The values that the standards give to check by, and what stands at the edges."""

from datetime import UTC, datetime, timedelta

import pytest

from reports.kpis import (
    Unit,
    carbon,
    discipline,
    equity,
    fulfilment,
    idle,
    information,
    quality,
    savings,
    spans,
    staff,
    turnaround,
    uptime,
    utilisation,
    wastage,
)

pytestmark = pytest.mark.once

FIVE = [120, 80, 40, 40, 20]
MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)
A_DAY = (MIDNIGHT, MIDNIGHT + timedelta(days=1))


def at(hour: float) -> datetime:
    return MIDNIGHT + timedelta(hours=hour)


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        (utilisation.scheduled(140_616, 217_000), 0.648),
        (utilisation.net(80, 120, 8, 4), 0.7407),
        (utilisation.gross(80, 120), 0.6667),
        (utilisation.by_time(1800, 0.5, 270, 8), 0.4167),
        (utilisation.by_capacity(1800, 15, 270), 0.4444),
        (utilisation.by_load([(10, 4), (5, 4)], 10), 0.75),
        (utilisation.rated(15, utilisation.RatedHours().of(7)), 0.5),
        (idle.idle_conversion(21_460, 56_178), 0.382),
        (idle.sharing_rate(30, 80), 0.375),
        (idle.idle_rate(120, 80, 10), 0.25),
        (idle.idle_hours(120, 80, 10), 30),
        (uptime.availability(168, [uptime.Outage(12)]), 0.9286),
        (uptime.availability(168, [uptime.Outage(12, uptime.PARTIAL)]), 0.9643),
        (uptime.mean_time_between_failures(156, 3), 52),
        (uptime.mean_time_to_repair(12, 3), 4),
        (uptime.maintenance_compliance(9, 12), 0.75),
        (turnaround.median_hours([5, 1, 3, 2]), 2.5),
        (turnaround.slowest_tenth(range(1, 11)), 9),
        (turnaround.slowest_tenth([7]), 7),
        (turnaround.answered_in_time(200, 212), 0.9434),
        (turnaround.answered_in_time(9, 9, never_answered=1), 0.9),
        (fulfilment.rate(51, 80, 7, 4), 0.7391),
        (fulfilment.line_fill(3, 4), 0.75),
        (fulfilment.quantity_fill(30, 40), 0.75),
        (discipline.no_show(2, 40), 0.05),
        (discipline.late_cancel(1, 40), 0.025),
        (discipline.overdue_return(6, 147), 0.0408),
        (wastage.expiry_loss(89_000, [28_700_000, 28_700_000]), 0.0031),
        (staff.shift_fill(33, 41), 0.8049),
        (staff.mean_notice([24, 48]), 36),
        (staff.hours_shared([8, 12.5]), 20.5),
        (staff.rule_overrides(0, 412), 0),
        (staff.credentials_in_date(9, 10), 0.9),
        (information.approved(3, 4), 0.75),
        (information.denied(1, 4), 0.25),
        (information.expired(1, 3), 0.3333),
        (information.looks_per_grant(12, 3), 4),
        (information.looks_refused(1, 20), 0.05),
        (information.break_glass(1, 100), 0.01),
        (information.break_glass_reviewed(3, 5, within_time=1), 0.75),
        (information.recognition(45, 60), 0.75),
        (information.repeat_tests_avoided(45, 200), 9000),
        (quality.coded(95, 100), 0.95),
        (quality.stale(1, 50), 0.02),
        (equity.gini(FIVE), 0.32),
        (equity.gini_weighted(FIVE, [1] * 5), 0.32),
        (equity.theil(FIVE).total, 0.172609),
        (equity.jain(FIVE), 0.737705),
        (equity.received_share(21_460, 3_610), 0.144),
        (carbon.avoided(1000, 0, carbon.Factors(pounds=1)), 155.8),
        (carbon.avoided(1000, 100, carbon.Factors(pounds=0.1, per_kilometre=0.2)), -4.42),
    ],
)
def test_a_figure_has_the_value_of_the_standard(measure, value):
    places = 6 if measure.unit == Unit.INDEX else 4
    assert round(measure.value, places) == pytest.approx(value, abs=10**-places)


@pytest.mark.parametrize(
    "measure",
    [
        utilisation.scheduled(0, 0),
        utilisation.gross(0, 0),
        utilisation.net(0, 12, 8, 4),
        utilisation.net(5, 10, 8, 4),
        utilisation.rated(0, 0),
        utilisation.by_time(10, 0.5, 0, 8),
        utilisation.by_capacity(10, 0, 30),
        utilisation.by_load([], 10),
        idle.idle_rate(0, 0, 0),
        idle.sharing_rate(0, 0),
        idle.idle_conversion(0, 0),
        uptime.availability(0, []),
        uptime.mean_time_between_failures(168, 0),
        uptime.mean_time_to_repair(0, 0),
        uptime.maintenance_compliance(0, 0),
        turnaround.median_hours([]),
        turnaround.slowest_tenth([]),
        turnaround.answered_in_time(0, 0),
        fulfilment.rate(0, 11, 7, 4),
        fulfilment.line_fill(0, 0),
        fulfilment.quantity_fill(0, 0),
        discipline.no_show(0, 0),
        discipline.late_cancel(0, 0),
        discipline.overdue_return(0, 0),
        wastage.expiry_loss(10, []),
        wastage.expiry_loss(10, [0, 0]),
        staff.shift_fill(0, 0),
        staff.mean_notice([]),
        staff.rule_overrides(0, 0),
        staff.credentials_in_date(0, 0),
        information.approved(0, 0),
        information.denied(0, 0),
        information.expired(0, 0),
        information.looks_per_grant(0, 0),
        information.looks_refused(0, 0),
        information.break_glass(0, 0),
        information.break_glass_reviewed(0, 1, within_time=1),
        information.recognition(0, 0),
        quality.coded(0, 0),
        quality.stale(0, 0),
        equity.gini([]),
        equity.gini([0, 0]),
        equity.gini_weighted([], []),
        equity.gini_weighted([3, 4], [0, 0]),
        equity.theil([0, 0]).total,
        equity.theil([]).within,
        equity.theil([3], [0]).between,
        equity.jain([]),
        equity.jain([0]),
        equity.concentration([], []),
        equity.concentration([0, 0], [1, 2]),
        equity.received_share(0, 0),
    ],
)
def test_without_a_denominator_there_is_no_figure_and_no_nought(measure):
    assert measure.value is None
    assert not measure.known


def test_a_nought_that_was_counted_is_a_nought():
    assert fulfilment.rate(0, 3, 0, 0).value == 0
    assert discipline.no_show(0, 40).value == 0


def test_a_figure_shows_what_it_is_made_of():
    measure = fulfilment.rate(51, 80, 7, 4)
    assert (measure.numerator, measure.denominator, measure.unit) == (51, 69, Unit.SHARE)


@pytest.mark.parametrize(
    ("days", "hours"), [(1, 6), (6, 36), (7, 30), (14, 60), (365, 1500), (730, 3000)]
)
def test_rated_hours_go_by_the_day_the_week_or_the_year(days, hours):
    assert utilisation.RatedHours().of(days) == hours
    assert utilisation.RatedHours().of(days, units=2) == 2 * hours


def test_spans_that_overlap_count_once_and_those_outside_not_at_all():
    booked = [(at(-3), at(2)), (at(1), at(4)), (at(4), at(5)), (at(22), at(30)), (at(40), at(41))]
    assert spans.merged(booked, A_DAY) == [(at(0), at(5)), (at(22), at(24))]
    assert spans.hours(booked, A_DAY) == 7


def test_a_span_that_ends_before_it_begins_is_none():
    assert spans.hours([(at(5), at(3)), (at(1), at(1))], A_DAY) == 0


def test_of_unmet_reasons_the_few_that_matter_come_first():
    rows = fulfilment.pareto({"no_offer": 6, "in_use": 3, "policy": 3, "never": 0})
    assert [(row.code, row.count) for row in rows] == [
        ("no_offer", 6),
        ("in_use", 3),
        ("policy", 3),
    ]
    assert [row.cumulative for row in rows] == [0.5, 0.75, 1]
    assert fulfilment.pareto({}) == []


LOTS = [
    wastage.Transferred(accepted=10, unit_cost=200, days_left=180, used=4),
    wastage.Transferred(accepted=5, unit_cost=100, days_left=0, used=9),
    wastage.Transferred(accepted=100, unit_cost=1, days_left=181, used=100),
    wastage.Transferred(accepted=100, unit_cost=1, days_left=-1),
]


def test_only_lots_within_the_window_were_rescued():
    assert wastage.potential(LOTS, 180).value == 2500
    assert wastage.potential_packs(LOTS, 180).value == 15
    assert wastage.potential([], 180).value == 0


def test_no_more_is_confirmed_than_was_accepted():
    assert wastage.confirmed(LOTS, 180).value == 4 * 200 + 5 * 100


def test_savings_say_what_they_took_off_and_may_be_below_nought():
    avoided = [
        savings.Avoided(savings.Instead.RENTAL, 40, 50),
        savings.Avoided(savings.Instead.RENTAL, 10, 50),
        savings.Avoided(savings.Instead.AGENCY, 8, 100),
    ]
    made = savings.net(avoided, savings.Costs(transport=300, fees=100, admin=50))
    assert made.measure.value == 2850
    assert made.avoided == {savings.Instead.RENTAL: 2500, savings.Instead.AGENCY: 800}
    assert savings.net([], savings.Costs(transport=300)).measure.value == -300


def test_within_and_between_districts_add_up():
    made = equity.theil(FIVE, groups=["north", "north", "south", "south", "south"])
    assert made.total.value == pytest.approx(0.172609, abs=1e-6)
    assert made.between.value + made.within.value == pytest.approx(made.total.value)
    assert made.between.value > made.within.value > 0


def test_those_in_need_who_receive_more_bring_the_index_below_nought():
    need = [5, 4, 3, 2, 1]
    assert equity.concentration(FIVE, need).value < 0
    assert equity.concentration(FIVE[::-1], need).value > 0
    assert equity.concentration(FIVE, [1] * 5).value == pytest.approx(0)
    assert equity.concentration(FIVE, need).value == pytest.approx(-0.32)


@pytest.mark.parametrize("bad", [[-1, 2], [float("nan"), 2], [float("inf"), 2]])
def test_what_is_no_share_is_refused(bad):
    for of in (equity.gini, equity.jain, lambda x: equity.gini_weighted(x, [1, 1])):
        with pytest.raises(ValueError, match=r"number|below"):
            of(bad)


def test_lists_of_different_length_are_refused():
    with pytest.raises(ValueError, match="weights"):
        equity.gini_weighted([1, 2], [1])
    with pytest.raises(ValueError, match="needs"):
        equity.concentration([1, 2], [1])
    with pytest.raises(ValueError, match="groups"):
        equity.theil([1, 2], groups=["one"])


def test_an_institution_without_residents_has_no_standardised_share():
    assert equity.per_need(50, 25_000) == 2
    assert equity.per_need(50, 0) is None
