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


def columns_of(ground: Ground, region: Region, *, samples: int) -> list[Column]:
    """At least ``samples`` starts per pair, spread evenly, first and last among them; those right
    after or right before a block of the present plan; what the plan has, and what was proposed
    before."""
    edges = _edges(ground, region)
    columns = []
    for need in region.needs:
        for pair in ground.pairs_of(need):
            unit = int(ground.candidates.offer[pair])
            if unit not in region.gaps:
                continue
            known = (plan.get(need) for plan in (region.plan, ground.previous))
            wanted = {placed[1] for placed in known if placed is not None and placed[0] == unit}
            wanted |= _beside(ground, pair, need, edges[unit])
            columns += [
                Column(need, unit, pair, start, ground.block(pair, need, start))
                for start in _starts(ground, pair, need, region.gaps[unit], wanted, samples)
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


def _starts(
    ground: Ground, pair: int, need: int, gaps: list[Gap], wanted: set[int], samples: int
) -> list[int]:
    slot = ground.problem.horizon.slot
    ranges = ground.starts_within(pair, need, gaps)
    each = max(1, samples // max(1, len(ranges)) - 1)
    starts: set[int] = set()
    for first, last in ranges:
        slots = (last - first) // slot
        steps = max(1, min(slots, each))
        starts |= {first + slots * step // steps * slot for step in range(steps + 1)}
        starts |= {start for start in wanted if first <= start <= last}
    return sorted(starts)


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
