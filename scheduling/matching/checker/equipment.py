"""The rules of a device on loan, one by one: each says whether it holds."""

from collections.abc import Iterator

from scheduling.matching.checker.facts import Facts, Violation, joined, too_close
from scheduling.matching.problem import EquipmentNeed, Match, Unit


def block(facts: Facts, need: EquipmentNeed, unit: Unit, match: Match) -> tuple[int, int]:
    """What the use takes from the unit: ways there and back if it moves, and cleaning."""
    there = back = 0
    if unit.movable:
        there = facts.minutes(unit.institution, need.institution)
        back = facts.minutes(need.institution, unit.institution)
    return match.starts_at - there, match.ends_at + back + unit.cleaning_minutes


def _times(facts, need, unit, match) -> bool:
    if match.starts_at is None or match.ends_at is None:
        return False
    return match.ends_at - match.starts_at == need.duration_minutes


def _on_slot(facts, need, unit, match) -> bool:
    return match.starts_at is None or match.starts_at % facts.problem.horizon.slot == 0


def _in_time(facts, need, unit, match) -> bool:
    if not _times(facts, need, unit, match):
        return True  # said already
    return need.earliest <= match.starts_at and match.ends_at <= need.latest


def _in_window(facts, need, unit, match) -> bool:
    if not _times(facts, need, unit, match):
        return True  # said already
    start, end = block(facts, need, unit, match)
    return any(opens <= start and end <= closes for opens, closes in joined(unit.windows))


def _in_consortium(facts, need, unit, match) -> bool:
    mine = facts.institutions[need.institution].consortia
    return not unit.consortia or not mine.isdisjoint(unit.consortia)


def _certified(facts, need, unit, match) -> bool:
    held = facts.institutions[need.institution].certificates
    return all(name in held for name in unit.requires)


def _licensed(facts, need, unit, match) -> bool:
    """Until the end of the time that the need leaves open."""
    day = facts.over_on(need.latest)
    return facts.licensed(need.institution, day) and facts.licensed(unit.institution, day)


def _near(facts, need, unit, match) -> bool:
    limit = need.longest_travel_minutes
    return limit is None or facts.minutes(unit.institution, need.institution) <= limit


RULES = {
    "times": _times,
    "slot": _on_slot,
    "item": lambda facts, need, unit, match: unit.item == need.item,
    "own": lambda facts, need, unit, match: unit.institution != need.institution,
    "consortium": _in_consortium,
    "capability": lambda facts, need, unit, match: need.capabilities <= unit.capabilities,
    "certificate": _certified,
    "practice": _licensed,
    "travel": _near,
    "need_time": _in_time,
    "window": _in_window,
}


def together(facts: Facts, matches: list[Match]) -> Iterator[Violation]:
    """One unit is in one place at a time."""

    def span(match: Match) -> tuple[int, int]:
        return block(facts, facts.needs[match.need], facts.offers[match.offer], match)

    timed = [match for match in matches if match.starts_at is not None]
    yield from too_close(facts, timed, span, "overlap")
