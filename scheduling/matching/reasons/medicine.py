"""What only medicines know about a reason."""

from collections.abc import Mapping
from dataclasses import replace

from scheduling.matching.problem import Lot, Match, MedicineNeed, Problem
from scheduling.matching.reasons.beyond import beyond
from scheduling.matching.travel import Travel

FIXED = frozenset({"item", "own", "recalled"})
EASE = (
    *("travel", "life", "record", "consortium", "cold_reach", "cold", "licence", "practice"),
    *("arrival", "use", "struck"),
)
ALL_GIVE_WAY = False


def shortfall(
    problem: Problem, travel: Travel, need: MedicineNeed, lot: Lot, code: str
) -> int | None:
    """Minutes of travel, days of life."""
    way = int(travel.minutes[travel.index[lot.institution], travel.index[need.institution]])
    lacking = {
        "travel": lambda: beyond(way, need.longest_travel_minutes),
        "cold_reach": lambda: beyond(way, lot.longest_cold_minutes),
        "arrival": lambda: lot.arrival_day + lot.arrival_life_days - lot.expiry_day,
        "life": lambda: max(need.by_day, 0) + need.minimum_life_days - lot.expiry_day,
    }
    return lacking[code]() if code in lacking else None


def rivals(
    problem: Problem,
    travel: Travel,
    need: MedicineNeed,
    lot: Lot,
    matches: tuple[Match, ...],
    needs: Mapping[str, MedicineNeed],
) -> tuple[Match, ...]:
    """Everybody else who draws on a lot of which nothing is left."""
    if sum(match.quantity for match in matches) < lot.packs:
        return ()
    return tuple(match for match in matches if match.need != need.id)


def remaining(
    problem: Problem,
    travel: Travel,
    need: MedicineNeed,
    lot: Lot,
    quantity: int,
    matches: tuple[Match, ...],
    needs: Mapping[str, MedicineNeed],
) -> tuple[Match, ...]:
    """What is left of the lot, to the others in their order."""
    room, stay = lot.packs - quantity, []
    for match in matches:
        packs = min(match.quantity, room)
        if packs > 0:
            stay.append(replace(match, quantity=packs))
            room -= packs
    return tuple(stay)


def placements(
    problem: Problem, travel: Travel, need: MedicineNeed, lots: tuple[Lot, ...]
) -> list[tuple[Match, ...]]:
    """Ways to serve the need whatever else must give way: all from one lot that is large enough,
    and from as many of the nearest as it takes."""
    limits = {
        row.lot: row.packs for row in problem.use_limits if row.institution == need.institution
    }
    room = {lot.id: lot.packs for lot in lots}
    for row in problem.kept:
        if row.match.offer in room:
            room[row.match.offer] -= row.match.quantity
    room = {lot: min(packs, limits.get(lot, packs)) for lot, packs in room.items()}
    alone = [(Match(need.id, lot.id, need.packs),) for lot in lots if room[lot.id] >= need.packs]
    together, missing = [], need.packs
    for lot in lots:
        quantity = min(missing, room[lot.id])
        if quantity > 0:
            together.append(Match(need.id, lot.id, quantity))
            missing -= quantity
    if together and (len(together) > 1 or not alone):
        alone.append(tuple(together))
    return alone
