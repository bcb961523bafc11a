"""The tiers of the staff kind as objectives over the columns of a packing and its segments."""

from collections.abc import Iterator

import numpy as np

from scheduling.matching.formulations.staff.climb import Objective
from scheduling.matching.formulations.staff.equity import Equity
from scheduling.matching.formulations.staff.packing import Packing
from scheduling.matching.problem import Kind, Problem, Urgency
from scheduling.matching.tiers import weights
from scheduling.matching.travel import Travel

FAIR = ("equity", "equity and served")  # the tiers whose price in needs served is limited


class Worth:
    """What each need and each pair is worth, tier by tier.  ``weight``, ``pressing`` and ``at``
    (an institution) of each need, ``home`` of each person; ``before``: pairs proposed before."""

    def __init__(self, problem: Problem, travel: Travel):
        needs = problem.staff_needs
        self.parameters = problem.parameters
        self.weight = weights(problem, Kind.STAFF)
        self.pressing = np.array([need.urgency < Urgency.ROUTINE for need in needs], dtype=bool)
        self.at = np.array([travel.index[need.institution] for need in needs], dtype=np.int64)
        self.home = np.array([travel.index[row.institution] for row in problem.people], np.int64)
        self.kilometres = travel.kilometres
        self.before = _before(problem) if self.parameters.stability_weight else set()

    def objectives(self, packing: Packing, segments: Equity) -> Iterator[Objective]:
        """Of equal plans in the first tier one close to what was proposed before is found: all
        that stays together is worth less than a twentieth of a step."""
        need, person = packing.need, packing.person
        still = np.zeros(len(segments.length))
        as_before = np.array(
            [pair in self.before for pair in zip(need.tolist(), person.tolist(), strict=True)],
            dtype=np.float64,
        )
        step = float(np.gcd.reduce([int(value) for value in self.parameters.weights[:2]]))
        urgent = np.where(self.pressing, self.weight, 0)[need]
        stay = as_before * step / 20 / max(1.0, as_before.sum())
        yield Objective("urgent", np.append(urgent + stay, still), step)
        yield from self._fair(need, segments)
        if self.before:
            yield Objective("stability", np.append(as_before, still), 1.0)
        if self.parameters.distance_weight:
            way = self.kilometres[self.home[person], self.at[need]]
            yield Objective("travel", np.append(-way, still))

    def _fair(self, need: np.ndarray, segments: Equity) -> Iterator[Objective]:
        """Equity, then the number served; between 0 and 1 one tier of both, each per possible."""
        fairness = self.parameters.fairness
        equity = np.append(np.zeros(len(need)), segments.slope)
        served = np.append(np.ones(len(need)), np.zeros(len(segments.slope)))
        if 0 < fairness < 1:
            of_needs = max(1, len(np.unique(need)))
            of_places = max(1, len(np.unique(segments.institution)))
            mixed = fairness * equity / of_places + (1 - fairness) * served / of_needs
            yield Objective(FAIR[1], mixed)
            return
        if fairness:
            yield Objective(FAIR[0], equity)
        yield Objective("served", served, 1.0)


def _before(problem: Problem) -> set[tuple[int, int]]:
    need_of = {need.id: place for place, need in enumerate(problem.staff_needs)}
    person_of = {person.id: place for place, person in enumerate(problem.people)}
    return {
        (need_of[row.need], person_of[row.offer])
        for row in problem.previous
        if row.need in need_of
        and row.offer in person_of
        and row.starts_at == problem.staff_needs[need_of[row.need]].starts_at
    }
