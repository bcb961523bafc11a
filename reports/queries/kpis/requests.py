"""Requests: how long they waited, how many were met, how well it was kept."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.db.models import Sum

from reports.actions.waits import steps
from reports.kpis import Measure, Unit, discipline, fulfilment, ratio, turnaround
from reports.models import Step, WaitsOfDay
from reports.queries import unmet
from reports.queries.kpis.ground import Ground, Made
from reports.queries.scores import bookings, scores
from reports.rollups import digest
from reports.unmet import why_words

HOUR = 3600
NINE_IN_TEN = 0.9
OF_SCORES = ("in_time", "fulfilment", "quantity_fill", "no_show", "overdue")
MEDICINE = "medicine"


def figures(ground: Ground) -> Iterator[Made]:
    waits = of_city(ground) if ground.of_city else of_institution(ground)
    for code, place in (("median", 0), ("p90", 1)):
        for step in Step:
            yield Made(code, waits[step][place], str(step.label))
    made = scores(ground.given(), ground.received(), currency=ground.currency)
    yield from (Made(code, made[code]) for code in OF_SCORES)
    received = ground.received()
    late = discipline.late_cancel(received.cancelled_late, bookings(received))
    yield Made("late_cancel", late)
    packs = ground.received(MEDICINE)
    yield Made("line_fill", fulfilment.line_fill(packs.filled_whole, packs.due))
    yield from _reasons(ground)


def _reasons(ground: Ground) -> Iterator[Made]:
    if ground.of_city:
        found = unmet.of_city(ground.period, kind=ground.kind)
    else:
        found = unmet.of_institution(ground.institution, ground.period, kind=ground.kind)
    total = sum(reason.count for reason in found)
    if not found:
        yield Made("unmet_reasons", ratio(0, 0))
    for reason in found:
        yield Made("unmet_reasons", ratio(reason.count, total), why_words(reason.code))


Waits = dict[Step, tuple[Measure, Measure]]  # median, and what nine in ten do not exceed


def of_city(ground: Ground) -> Waits:
    """From the histograms of the days: as many rows, however many requests there were."""
    rows = WaitsOfDay.objects.in_city_view().filter(
        day__range=(ground.period.first, ground.period.last)
    )
    rows = rows.filter(kind=ground.kind) if ground.kind else rows
    counts: dict[str, Counter[int]] = defaultdict(Counter)
    found = rows.order_by().values_list("step", "bucket").annotate(sum=Sum("number"))
    for step, bucket, number in found:
        counts[step][bucket] = number
    return {step: _of_histogram(counts[step]) for step in Step}


def _of_histogram(counts: Counter[int]) -> tuple[Measure, Measure]:
    values = digest.median(counts), digest.quantile(counts, NINE_IN_TEN)
    number = sum(counts.values())
    return tuple(
        Measure(None if value is None else value / HOUR, None, number, Unit.HOURS)
        for value in values
    )


def of_institution(ground: Ground) -> Waits:
    """To the second, from the facts of what it was asked: as many as it had in the period."""
    first, last = ground.period.first, ground.period.last
    rows = ground.facts().filter(last_day__gte=first, first_day__lte=last)
    waits: dict[Step, list[float]] = {step: [] for step in Step}
    values = rows.values_list("time_zone", "ended_at", "answer_seconds", "start_seconds")
    for zone, ended, answer, start in values:
        if first <= ended.astimezone(ZoneInfo(zone)).date() <= last:
            for step, seconds in steps(answer, start):
                waits[step].append(seconds / HOUR)
    return {
        step: (turnaround.median_hours(found), turnaround.slowest_tenth(found))
        for step, found in waits.items()
    }
