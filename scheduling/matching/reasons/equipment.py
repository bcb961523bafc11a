"""What only devices know about a reason."""

from collections.abc import Mapping

from scheduling.matching.blocks import joined
from scheduling.matching.problem import EquipmentNeed, Match, Problem, Unit
from scheduling.matching.reasons.beyond import beyond
from scheduling.matching.travel import Travel

FIXED = frozenset({"item", "own"})
MOST_PLACEMENTS = 12
EASE = (
    *("window", "travel", "consortium", "certificate", "capability", "practice"),
    *("booked", "struck"),
)
ALL_GIVE_WAY = True


def shortfall(
    problem: Problem, travel: Travel, need: EquipmentNeed, unit: Unit, code: str
) -> int | None:
    """Minutes of travel; minutes of offered hours that are missing beside those there are."""
    lacking = {"travel": _too_far, "window": _too_short}
    return lacking[code](problem, travel, need, unit) if code in lacking else None


def _too_far(problem: Problem, travel: Travel, need: EquipmentNeed, unit: Unit) -> int | None:
    way = travel.minutes[travel.index[unit.institution], travel.index[need.institution]]
    return beyond(int(way), need.longest_travel_minutes)


def _too_short(problem: Problem, travel: Travel, need: EquipmentNeed, unit: Unit) -> int | None:
    """By how much the window that comes nearest would have to begin sooner or end later.  None
    where that is no less than an offer of its own for the whole block."""
    slot, (before, after) = problem.horizon.slot, _margins(travel, need, unit)
    last = need.latest - need.duration_minutes
    costs = []
    for opens, closes in joined(unit.windows):
        soon, late = -(-(opens + before) // slot) * slot, closes - after - need.duration_minutes
        for wished in (soon, late // slot * slot):
            start = min(max(wished, need.earliest), last)
            end = start + need.duration_minutes + after
            costs.append(max(0, opens - start + before) + max(0, end - closes))
    whole = before + need.duration_minutes + after
    return min((cost for cost in costs if 0 < cost < whole), default=None)


def rivals(
    problem: Problem,
    travel: Travel,
    need: EquipmentNeed,
    unit: Unit,
    matches: tuple[Match, ...],
    needs: Mapping[str, EquipmentNeed],
) -> tuple[Match, ...]:
    """Of all times at which the unit could be used, what stands in the way of that with the
    lightest uses in the way."""
    ways = _ways(problem, travel, need, unit, matches, needs)
    return min(ways, key=lambda way: way[0], default=(0, (), ()))[1]


def remaining(
    problem: Problem,
    travel: Travel,
    need: EquipmentNeed,
    unit: Unit,
    quantity: int,
    matches: tuple[Match, ...],
    needs: Mapping[str, EquipmentNeed],
) -> tuple[Match, ...]:
    """All that do not stand in its way."""
    gone = set(rivals(problem, travel, need, unit, matches, needs))
    return tuple(match for match in matches if match not in gone)


def placements(
    problem: Problem, travel: Travel, need: EquipmentNeed, units: tuple[Unit, ...]
) -> list[tuple[Match, ...]]:
    """Ways to serve the need whatever else must give way, the lightest first: on each unit at the
    first time, right after and right before what is on it now."""
    needs, found = {row.id: row for row in problem.equipment_needs}, []
    now = _known(problem)
    for unit in units:
        before, after = _margins(travel, need, unit)
        for price, _others, (start, end) in _ways(problem, travel, need, unit, now, needs):
            use = {"starts_at": start + before, "ends_at": end - after}
            found.append((price, len(found), (Match(need.id, unit.id, **use),)))
    return [way for _price, _place, way in sorted(found)[:MOST_PLACEMENTS]]


def _ways(problem, travel, need, unit, matches, needs):
    """Per possible block: the weight of the uses in its way, these uses, and the block."""
    blocks = _blocks(needs, travel, unit, matches)
    weight = problem.parameters.weight
    for start, end in _possible(problem, travel, need, unit, blocks):
        others = tuple(
            match
            for opens, closes, match in blocks
            if opens < end and start < closes and match.need != need.id
        )
        yield sum(weight(needs[match.need].urgency) for match in others), others, (start, end)


def _known(problem: Problem) -> list[Match]:
    return [*(row.match for row in problem.kept), *problem.previous]


def _blocks(needs, travel, unit, matches) -> list[tuple[int, int, Match]]:
    found = []
    for match in matches:
        if match.offer != unit.id:
            continue
        before, after = _margins(travel, needs[match.need], unit)
        found.append((match.starts_at - before, match.ends_at + after, match))
    return found


def _possible(problem, travel, need, unit, blocks):
    """Blocks to try, each within an offered window and the need's time: as early as each window
    lets, right after each block, and as late as goes before each."""
    slot, duration = problem.horizon.slot, need.duration_minutes
    before, after = _margins(travel, need, unit)
    for opens, closes in joined(unit.windows):
        first = max(need.earliest, opens + before)
        last = min(need.latest - duration, closes - after - duration)
        after_block = [block[1] + before for block in blocks]
        before_block = [block[0] - after - duration for block in blocks]
        starts = {-(-start // slot) * slot for start in (first, *after_block)}
        starts |= {start // slot * slot for start in before_block}
        for start in sorted(start for start in starts if first <= start <= last):
            yield start - before, start + duration + after


def _margins(travel: Travel, need: EquipmentNeed, unit: Unit) -> tuple[int, int]:
    if not unit.movable:
        return 0, unit.cleaning_minutes
    home, place = travel.index[need.institution], travel.index[unit.institution]
    back = int(travel.minutes[home, place])
    return int(travel.minutes[place, home]), back + unit.cleaning_minutes
