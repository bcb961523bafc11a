"""What one pack on one arc is worth, per tier (float64 over all arcs of the network).

urgent: weight / packs asked, for critical and urgent needs; served: the part of a need that one
pack is; waste: value × how near to its expiry a lot is (1 at its last day, 0 from ``waste_days``
on), which prefers first what expires first; stability: what was proposed before; travel:
kilometres, shared among the packs of a need.
"""

import numpy as np

from scheduling.matching.formulations.medicine.equity import Fairness
from scheduling.matching.formulations.medicine.flow import Network
from scheduling.matching.formulations.medicine.network import Layout
from scheduling.matching.packs import Packs
from scheduling.matching.problem import Kind, Problem, Urgency
from scheduling.matching.travel import Travel


def part_per_pack(problem: Problem) -> np.ndarray:
    asked = np.array([need.packs for need in problem.medicine_needs], dtype=np.float64)
    return 1.0 / np.maximum(asked, 1.0)


def weights(problem: Problem) -> np.ndarray:
    weight = problem.parameters.weight
    return np.array([weight(need.urgency) for need in problem.medicine_needs], dtype=np.float64)


def urgent(problem: Problem, network: Network, layout: Layout) -> np.ndarray:
    pressing = [need.urgency != Urgency.ROUTINE for need in problem.medicine_needs]
    rewards = np.zeros(len(network.tail))
    rewards[layout.filled] = weights(problem) * part_per_pack(problem) * pressing
    return rewards


def served(problem: Problem, network: Network, layout: Layout) -> np.ndarray:
    rewards = np.zeros(len(network.tail))
    rewards[layout.filled] = part_per_pack(problem)
    rewards[layout.again] = part_per_pack(problem)[layout.need[layout.again]]
    return rewards


def waste(problem: Problem, network: Network, layout: Layout) -> np.ndarray:
    days = problem.parameters.waste_days
    near = [min(max(days - lot.expiry_day, 0), days) / max(days, 1) for lot in problem.lots]
    value = np.array([lot.value_per_pack for lot in problem.lots], dtype=np.float64) * near
    return _on_pairs(network, layout, value[layout.lot])


def stability(problem: Problem, network: Network, layout: Layout) -> np.ndarray:
    rewards = np.zeros(len(network.tail))
    rewards[layout.again] = part_per_pack(problem)[layout.need[layout.again]]
    return rewards


def travel(problem: Problem, network: Network, layout: Layout, road: Travel) -> np.ndarray:
    places = np.array([road.index[lot.institution] for lot in problem.lots], dtype=np.int64)
    homes = np.array([road.index[n.institution] for n in problem.medicine_needs], dtype=np.int64)
    kilometres = road.kilometres[places[layout.lot], homes[layout.need]]
    return _on_pairs(network, layout, -kilometres * part_per_pack(problem)[layout.need])


def _on_pairs(network: Network, layout: Layout, per_pack: np.ndarray) -> np.ndarray:
    rewards = np.zeros(len(network.tail))
    rewards[: layout.again.stop] = per_pack
    return rewards


def fairness(problem: Problem, layout: Layout, packs: Packs, road: Travel) -> Fairness:
    """Fills are weighted, over needs with an admissible offer or something already given, and
    carry the institution's decayed history."""
    kind, weight, part = Kind.MEDICINE, weights(problem), part_per_pack(problem)
    home = np.array([road.index[n.institution] for n in problem.medicine_needs], dtype=np.int64)
    places = len(problem.institutions)
    met = np.array([row.history_met.get(kind, 0.0) for row in problem.institutions])
    asked = np.array([row.history_asked.get(kind, 0.0) for row in problem.institutions])
    possible = np.bincount(layout.need, minlength=len(home)) + packs.given > 0
    asked = asked + np.bincount(home, weight * possible, places)
    met = met + np.bincount(home, weight * part * np.minimum(packs.given, 1 / part), places)
    return Fairness(
        home=home,
        gain=weight * part * possible / np.where(asked > 0, asked, 1)[home],
        base=met / np.where(asked > 0, asked, 1),
        counted=asked > 0,
        served=part,
        offset=problem.parameters.equity_offset,
        share=problem.parameters.fairness,
    )
