"""What one pack on one arc adds to each tier of ``tiers`` (float64 over all arcs)."""

import numpy as np

from scheduling.matching import tiers
from scheduling.matching.candidates import CandidateSet
from scheduling.matching.formulations.medicine.equity import Fairness
from scheduling.matching.formulations.medicine.flow import Network
from scheduling.matching.formulations.medicine.network import Layout
from scheduling.matching.packs import Packs
from scheduling.matching.problem import Kind, Problem, Urgency
from scheduling.matching.travel import Travel


def part_per_pack(problem: Problem) -> np.ndarray:
    asked = np.array([need.packs for need in problem.medicine_needs], dtype=np.float64)
    return 1.0 / np.maximum(asked, 1.0)


def urgent(problem: Problem, network: Network, layout: Layout) -> np.ndarray:
    pressing = [need.urgency != Urgency.ROUTINE for need in problem.medicine_needs]
    rewards = np.zeros(len(network.tail))
    rewards[layout.filled] = (
        tiers.weights(problem, Kind.MEDICINE) * part_per_pack(problem) * pressing
    )
    return rewards


def served(problem: Problem, network: Network, layout: Layout) -> np.ndarray:
    rewards = np.zeros(len(network.tail))
    rewards[layout.filled] = part_per_pack(problem)
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


def fairness(problem: Problem, candidates: CandidateSet, packs: Packs, road: Travel) -> Fairness:
    """From the fills that the kept matches and the institutions' history make."""
    fills = tiers.fills(problem, Kind.MEDICINE, packs.kept, candidates, road)
    home = np.array([road.index[n.institution] for n in problem.medicine_needs], dtype=np.int64)
    part = part_per_pack(problem)
    asked = np.where(fills.counted, fills.asked, np.inf)
    return Fairness(
        home=home,
        gain=tiers.weights(problem, Kind.MEDICINE) * part / asked[home],
        base=fills.met / asked,
        counted=fills.counted,
        served=part,
        offset=problem.parameters.equity_offset,
        rate=_rate(problem.parameters.fairness, int(fills.counted.sum()), len(home)),
    )


def _rate(share: float, institutions: int, needs: int) -> float:
    """Of needs served against equity; where both count, of their means."""
    if not 0 < share < 1:
        return 0.0
    return (1 - share) / share * max(1, institutions) / max(1, needs)
