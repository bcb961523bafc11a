"""How long requests waited: for the answer – of all, and by urgency –, and for the handover."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Sum

from reports.actions.waits import handover_steps
from reports.kpis import Measure, Unit, turnaround
from reports.models import Step, WaitsOfDay
from reports.queries.kpis.ground import Ground, Made
from reports.queries.open_answers import open_answers
from reports.rollups import digest
from scheduling.states import Priority

HOUR = 3600
NINE_IN_TEN = 0.9
Part = tuple[Step, str]  # of an urgency, or "": of all


def figures(ground: Ground) -> Iterator[Made]:
    made = _of_city(ground) if ground.of_city else _of_institution(ground)
    for place, code in enumerate(("median", "p90")):
        for step, priority in _parts(made):
            label = str(step.label)
            if priority:
                label = f"{label} · {Priority(priority).label}"
            yield Made(code, made[step, priority][place], label)


def _parts(made: Mapping[Part, tuple]) -> Iterator[Part]:
    """Each step, and below the answer each urgency that occurred, the most urgent first."""
    for step in Step:
        yield step, ""
        if step == Step.ANSWER:
            urgencies = reversed(Priority.values)
            yield from ((step, urgency) for urgency in urgencies if (step, urgency) in made)


def _of_city(ground: Ground) -> dict[Part, tuple[Measure, Measure]]:
    """From the histograms of the days: as many rows, however many requests there were."""
    rows = WaitsOfDay.objects.in_city_view().filter(
        day__range=(ground.period.first, ground.period.last)
    )
    rows = rows.filter(kind=ground.kind) if ground.kind else rows
    counts: dict[Part, Counter[int]] = defaultdict(Counter)
    counts |= {(step, ""): Counter() for step in Step}
    found = rows.order_by().values_list("step", "priority", "bucket").annotate(sum=Sum("number"))
    for step, priority, bucket, number in found:
        for part in ("", priority):
            counts[Step(step), part][bucket] += number
    return {part: _of_histogram(of) for part, of in counts.items()}


def _of_histogram(counts: Counter[int]) -> tuple[Measure, Measure]:
    values = digest.median(counts), digest.quantile(counts, NINE_IN_TEN)
    number = sum(counts.values())
    return tuple(
        Measure(None if value is None else value / HOUR, None, number, Unit.HOURS)
        for value in values
    )


def _of_institution(ground: Ground) -> dict[Part, tuple[Measure, Measure]]:
    """To the second, from the facts and the running requests of what it was asked: as many as it
    had in the period."""
    waits: dict[Part, list[float]] = defaultdict(list)
    waits |= {(step, ""): [] for step in Step}
    for priority, zone, moment, step, seconds in _waits_of(ground):
        if ground.period.first <= moment.astimezone(ZoneInfo(zone)).date() <= ground.period.last:
            for part in ("", priority):
                waits[step, part].append(seconds / HOUR)
    return {
        part: (turnaround.median_hours(found), turnaround.slowest_tenth(found))
        for part, found in waits.items()
    }


def _waits_of(ground: Ground) -> Iterator[tuple[str, str, datetime, Step, int]]:
    """(urgency, zone, when, step, seconds)."""
    rows = ground.facts().filter(
        last_day__gte=ground.period.first, first_day__lte=ground.period.last
    )
    values = rows.values_list(
        "priority", "time_zone", "decided_at", "ended_at", "answer_seconds", "start_seconds"
    )
    for priority, zone, decided, ended, answer, start in values:
        if decided is not None:
            yield priority, zone, decided, Step.ANSWER, answer
        yield from ((priority, zone, ended, *found) for found in handover_steps(answer, start))
    for _kind, priority, zone, decided, seconds in open_answers(ground.asked(), *ground.moments()):
        yield priority, zone, decided, Step.ANSWER, seconds
