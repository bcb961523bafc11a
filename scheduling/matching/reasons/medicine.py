"""What only medicines know about a reason."""

from scheduling.matching.problem import Lot, Match, MedicineNeed, Problem
from scheduling.matching.reasons.beyond import beyond
from scheduling.matching.travel import Travel

FIXED = frozenset({"item", "own", "recalled"})
EASE = ("travel", "life", "consortium", "cold_reach", "cold", "licence", "struck")


def shortfall(
    problem: Problem, travel: Travel, need: MedicineNeed, lot: Lot, code: str
) -> int | None:
    """Minutes of travel, days of life."""
    way = int(travel.minutes[travel.index[lot.institution], travel.index[need.institution]])
    lacking = {
        "travel": lambda: beyond(way, need.longest_travel_minutes),
        "cold_reach": lambda: beyond(way, lot.longest_cold_minutes),
        "life": lambda: max(need.by_day, 0) + need.minimum_life_days - lot.expiry_day,
    }
    return lacking[code]() if code in lacking else None


def rivals(
    problem: Problem, travel: Travel, need: MedicineNeed, lot: Lot, matches: tuple[Match, ...]
) -> tuple[Match, ...]:
    """Everybody else who draws on a lot of which nothing is left."""
    if sum(match.quantity for match in matches) < lot.packs:
        return ()
    return tuple(match for match in matches if match.need != need.id)
