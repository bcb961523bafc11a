"""What only devices know about a reason."""

from scheduling.matching.problem import EquipmentNeed, Match, Problem, Unit
from scheduling.matching.reasons.beyond import beyond
from scheduling.matching.travel import Travel

FIXED = frozenset({"item", "own"})
EASE = ("window", "travel", "consortium", "certificate", "capability", "booked", "struck")


def shortfall(
    problem: Problem, travel: Travel, need: EquipmentNeed, unit: Unit, code: str
) -> int | None:
    """Minutes of travel."""
    if code != "travel":
        return None
    way = travel.minutes[travel.index[unit.institution], travel.index[need.institution]]
    return beyond(int(way), need.longest_travel_minutes)


def rivals(
    problem: Problem, travel: Travel, need: EquipmentNeed, unit: Unit, matches: tuple[Match, ...]
) -> tuple[Match, ...]:
    """Of all times at which the unit could be used, what stands in the way of that with the
    lightest uses in the way."""
    needs = {row.id: row for row in problem.equipment_needs}
    blocks = []
    for match in matches:
        before, after = _margins(travel, needs[match.need], unit)
        blocks.append((match.starts_at - before, match.ends_at + after, match))
    weight = problem.parameters.weight
    best: tuple | None = None
    for start, end in _possible(problem, travel, need, unit, blocks):
        ahead = [match for opens, closes, match in blocks if opens < end and start < closes]
        others = tuple(match for match in ahead if match.need != need.id)
        price = sum(weight(needs[match.need].urgency) for match in others)
        if best is None or price < best[0]:
            best = price, others
    return best[1] if best else ()


def _possible(problem, travel, need, unit, blocks):
    """Blocks to try, each within an offered window and the need's time: as early as each window
    lets, right after each block, and as late as goes before each."""
    slot, duration = problem.horizon.slot, need.duration_minutes
    before, after = _margins(travel, need, unit)
    for window in unit.windows:
        first = max(need.earliest, window.starts_at + before)
        last = min(need.latest - duration, window.ends_at - after - duration)
        after_block = [closes + before for _opens, closes, _match in blocks]
        before_block = [opens - after - duration for opens, _closes, _match in blocks]
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
