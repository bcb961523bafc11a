"""Small problems at random, and their best plan by trying everything."""

import random
from dataclasses import replace

from scheduling.matching import kinds, tiers
from scheduling.matching.checker import check_kind
from scheduling.matching.problem import DAY, Interval, KeptMatch, Kind, Match, Problem, Urgency
from scheduling.matching.travel import Travel
from tests.make import matching as make
from tests.make.matching import HOUR
from tests.scheduling.matching.order import best_of

KIND = Kind.EQUIPMENT


def problem(seed: int, *, needs: int = 5, units: int = 2, **changes) -> Problem:
    """Three institutions, two items; hours as the slot, one day, so that everything can be tried."""
    chance = random.Random(seed)
    made = make.problem(
        units=tuple(_unit(chance, place) for place in range(units)),
        equipment_needs=tuple(_need(chance, place) for place in range(needs)),
        lots=(),
        people=(),
        medicine_needs=(),
        staff_needs=(),
    )
    return replace(made, horizon=replace(made.horizon, slot=HOUR), **changes)


def _unit(chance: random.Random, place: int):
    opens = chance.randrange(0, 8) * HOUR
    return make.unit(
        f"u{place}",
        institution=chance.choice("abc"),
        item=chance.choice(("pump", "pump", "ct")),
        windows=(Interval(opens, opens + chance.randrange(4, 12) * HOUR),),
        movable=chance.random() < 0.5,
        cleaning_minutes=chance.choice((0, 30)),
    )


def _need(chance: random.Random, place: int):
    duration = chance.randrange(1, 4) * HOUR
    earliest = chance.randrange(0, 10) * HOUR
    return make.equipment_need(
        f"n{place}",
        institution=chance.choice("abc"),
        item=chance.choice(("pump", "pump", "ct")),
        earliest=earliest,
        latest=earliest + duration + chance.randrange(0, 5) * HOUR,
        duration_minutes=duration,
        urgency=Urgency(chance.choice((1, 2, 2, 3, 3, 3))),
        posted_at=-chance.randrange(0, DAY),
    )


def best(problem: Problem, price: float) -> tuple[float, ...]:
    """The best tiers of any sound plan, without stability and travel."""
    options = [
        [None]
        + [
            Match(need.id, unit.id, starts_at=start, ends_at=start + need.duration_minutes)
            for unit in problem.units
            for start in range(need.earliest, need.latest - need.duration_minutes + 1, HOUR)
        ]
        for need in problem.equipment_needs
        if need.id not in {kept.match.need for kept in problem.kept}
    ]
    kept = tuple(row.match for row in problem.kept)
    travel = Travel(problem)
    candidates = kinds.candidates_of(problem, KIND, travel)
    plans = [values(problem, plan, candidates, travel) for plan in _sound(problem, kept, options)]
    return best_of(plans, price) if problem.parameters.fairness else max(plans)


def _sound(problem: Problem, plan: tuple[Match, ...], options: list[list[Match | None]]):
    if not options:
        yield plan
        return
    for match in options[0]:
        longer = plan if match is None else (*plan, match)
        if match is None or not check_kind(problem, KIND, longer):
            yield from _sound(problem, longer, options[1:])


def values(problem: Problem, plan, candidates, travel) -> tuple[float, ...]:
    measured = tiers.measure(problem, KIND, plan, candidates, travel)
    asked = ("urgent", "equity", "served")
    return tuple(round(tier.value, 6) for tier in measured if tier.name in asked)


def kept(need: str, unit: str, start: int, hours: int) -> KeptMatch:
    return KeptMatch(Match(need, unit, starts_at=start, ends_at=start + hours * HOUR))
