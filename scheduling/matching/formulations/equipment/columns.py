"""Columns: a need, a unit and a start; and the cliques of which a plan may take one each."""

from dataclasses import dataclass

from scheduling.matching.blocks import Gap, Placed
from scheduling.matching.formulations.equipment.ground import Ground


@dataclass(frozen=True, slots=True)
class Column:
    """``block``: what it takes from the unit."""

    need: int
    unit: int
    pair: int
    start: int
    block: Gap


@dataclass(frozen=True)
class Region:
    """A part of the problem that is solved while the rest stands still: ``gaps`` are, per unit of
    the region, the times that nothing outside of it takes; ``plan`` holds what its needs have."""

    needs: list[int]
    gaps: dict[int, list[Gap]]
    plan: dict[int, Placed]


def columns_of(ground: Ground, region: Region, *, samples: int, most: int) -> list[Column]:
    """``samples`` starts per pair, spread evenly, first and last among them; those right after or
    right before a block of the present plan, of which every so manieth where a pair would have
    more than ``most``; what the plan has, and what was proposed before."""
    edges = _edges(ground, region)
    columns = []
    for need in region.needs:
        for pair in ground.pairs_of(need):
            unit = ground.unit[pair]
            if unit not in region.gaps:
                continue
            ranges = ground.starts_within(pair, need, region.gaps[unit])
            starts = _spread(ranges, ground.problem.horizon.slot, samples)
            starts |= _within(ranges, _beside(ground, pair, need, edges[unit]))
            starts = _thinned(sorted(starts), max(most, samples))
            starts |= _within(ranges, _known(need, unit, region.plan, ground.previous))
            columns += [
                Column(need, unit, pair, start, ground.block(pair, need, start))
                for start in sorted(starts)
            ]
    return columns


def _edges(ground: Ground, region: Region) -> dict[int, list[int]]:
    """When blocks of the plan begin and end, per unit."""
    edges: dict[int, list[int]] = {unit: [] for unit in region.gaps}
    for need, (unit, start) in region.plan.items():
        edges[unit] += ground.block(ground.pair(need, unit), need, start)
    return edges


def _beside(ground: Ground, pair: int, need: int, edges: list[int]) -> set[int]:
    """Starts, on slots, for which the block begins or ends at one of the edges."""
    slot = ground.problem.horizon.slot
    use = ground.problem.equipment_needs[need].duration_minutes
    starts = {-(-(edge + ground.before[pair]) // slot) * slot for edge in edges}
    return starts | {(edge - use - ground.after[pair]) // slot * slot for edge in edges}


def _spread(ranges: list[Gap], slot: int, samples: int) -> set[int]:
    each = max(1, samples // max(1, len(ranges)) - 1)
    starts: set[int] = set()
    for first, last in ranges:
        slots = (last - first) // slot
        steps = max(1, min(slots, each))
        starts |= {first + slots * step // steps * slot for step in range(steps + 1)}
    return starts


def _within(ranges: list[Gap], starts: set[int]) -> set[int]:
    return {start for start in starts if any(first <= start <= last for first, last in ranges)}


def _thinned(starts: list[int], most: int) -> set[int]:
    if len(starts) <= most:
        return set(starts)
    return {starts[place * (len(starts) - 1) // (most - 1)] for place in range(most)}


def _known(need: int, unit: int, *plans: dict[int, Placed]) -> set[int]:
    """Starts that the need has on the unit in these plans."""
    placed = (plan.get(need) for plan in plans)
    return {one[1] for one in placed if one is not None and one[0] == unit}


def cliques(columns: list[Column]) -> list[list[int]]:
    """The maximal sets of columns whose blocks share a moment on one unit (places in the list)."""
    found: list[list[int]] = []
    for places in _by_unit(columns).values():
        events = [(columns[place].block[0], 1, place) for place in places]
        events += [(columns[place].block[1], 0, place) for place in places]
        active: dict[int, None] = {}
        grown = False
        for _, opens, place in sorted(events):
            if opens:
                active[place] = None
            else:
                if grown and len(active) > 1:
                    found.append(list(active))
                del active[place]
            grown = bool(opens)
    return found


def _by_unit(columns: list[Column]) -> dict[int, list[int]]:
    places: dict[int, list[int]] = {}
    for place, column in enumerate(columns):
        places.setdefault(column.unit, []).append(place)
    return places
