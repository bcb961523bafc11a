"""Several equal devices in a round that is published: which is meant matters to nobody, so they are
counted against what is booked at the time."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from resources.buffers import before_and_after
from scheduling.matching.problem import Problem, Unit
from scheduling.models import Proposal
from scheduling.queries.busy import BOOKED, Busy, lowest_free
from scheduling.queries.rounds import timed
from scheduling.queries.rounds.draft import Draft, key_of, reference
from scheduling.share_modes import default_mode


def as_one(problem: Problem, rows: Iterable[Proposal]) -> Problem:
    """Each of several equal units is there whenever one of them is; ``crowded`` counts them."""
    firsts = {key_of(unit.id): unit for unit in problem.units if unit.id.endswith("#1")}
    meant = {row.resource_id: row.resource.units for row in rows if row.resource.units > 1}
    others = [unit for unit in problem.units if key_of(unit.id) not in meant]
    alike = [
        _named(firsts[pk], pk, number, units)
        for pk, units in meant.items()
        if pk in firsts
        for number in range(1, units + 1)
    ]
    return replace(problem, units=(*others, *alike))


def _named(unit: Unit, pk: int, number: int, units: int) -> Unit:
    return replace(unit, id=reference("R", pk, number, units))


def crowded(pieces: Iterable[Proposal], draft: Draft) -> set[tuple[str, str]]:
    """Pairs of the pieces for which no unit is left; the first in order have theirs.  Four
    queries."""
    rows = [row for row in pieces if row.resource.units > 1]
    if not rows:
        return set()
    resources = list({row.resource_id: row.resource for row in rows}.values())
    offers, beside = timed.offers_of(resources), timed.around(draft, resources)
    busy: dict[int, list[Busy]] = {}
    promised = defaultdict(list)
    out = set()
    for row in rows:
        resource, offer = row.resource, offers[row.resource_id]
        known = busy.setdefault(resource.pk, timed.busy_in(draft, beside, resource.pk))
        before, after = before_and_after(offer=offer, mode=default_mode(resource))
        first, last = row.starts_at - before, row.ends_at + after
        taken = known + promised[resource.pk]
        if lowest_free(taken, total=resource.units, starts_at=first, ends_at=last):
            use = (row.starts_at, row.ends_at)
            promised[resource.pk].append(Busy(first, last, 1, BOOKED, *use))
        else:
            out.update(row.pairs)
    return out
