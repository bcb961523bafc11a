"""``python -m bench.matching.reach``: how many urgent needs of devices any plan could serve.

The linear relaxation of each class of device, with every urgent need worth the same and no routine
one in the way: no plan serves more, whatever it does with the first tier's weights.
"""

import argparse
from math import floor

import numpy as np

from bench.matching.cities import city
from scheduling.matching import kinds
from scheduling.matching.formulations.equipment.bounds import COARSE, TOLERANCE, by_class
from scheduling.matching.formulations.equipment.ground import Ground, lay
from scheduling.matching.formulations.equipment.relaxation import Relaxation
from scheduling.matching.problem import Kind, Urgency
from scheduling.matching.standing import standing
from scheduling.matching.travel import Travel

SECONDS = 60.0  # for one relaxation


def main():
    parser = argparse.ArgumentParser(prog="python -m bench.matching.reach", description=__doc__)
    parser.add_argument("--size", type=int, default=5_000)
    parser.add_argument("--seeds", type=int, default=5)
    asked = parser.parse_args()
    print(
        "| seed | urgent, urgency first | at most | gain at most |",
        "|---:|---:|---:|---:|",
        sep="\n",
    )
    for seed in range(1, asked.seeds + 1):
        there, most = reach(asked.size, seed)
        print(f"| {seed} | {there:,.0f} | {most:,} | {most / there - 1:+.2%} |", flush=True)


def reach(size: int, seed: int) -> tuple[float, int]:
    """Urgent needs that urgency first serves, and those that any plan could."""
    problem = city(size, seed=seed, kinds=(Kind.EQUIPMENT,))
    travel = Travel(problem)
    candidates = kinds.candidates_of(problem, Kind.EQUIPMENT, travel)
    matches = kinds.baseline("urgency_first", problem, Kind.EQUIPMENT, candidates, travel)
    there = standing(problem, Kind.EQUIPMENT, matches, candidates, travel).urgent
    return there, most_urgent(lay(problem, candidates, travel))


def most_urgent(ground: Ground) -> int:
    rows = ground.problem.equipment_needs
    pressing = [need for need in ground.open if rows[need].urgency < Urgency.ROUTINE]
    kept = sum(rows[need].urgency < Urgency.ROUTINE for need in ground.kept)
    return kept + sum(_of_class(ground, needs) for needs in by_class(ground, pressing))


def _of_class(ground: Ground, needs: list[int]) -> int:
    found = Relaxation(ground, needs, COARSE).most(np.ones(len(needs)), SECONDS)
    return floor(found + TOLERANCE)


if __name__ == "__main__":
    main()
