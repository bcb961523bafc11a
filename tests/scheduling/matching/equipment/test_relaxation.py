"""The relaxation never promises less than can be had, and its rows see what cannot be together."""

import numpy as np
import pytest

from bench.matching.cities import city
from bench.matching.reach import most_urgent
from scheduling.matching import kinds
from scheduling.matching.formulations.equipment.clock import Clock
from scheduling.matching.formulations.equipment.draft import Draft
from scheduling.matching.formulations.equipment.greedy import fill
from scheduling.matching.formulations.equipment.ground import lay
from scheduling.matching.formulations.equipment.insertion import make_room
from scheduling.matching.formulations.equipment.relaxation import STEPS, Relaxation
from scheduling.matching.plan import Control
from scheduling.matching.problem import Interval, Urgency
from scheduling.matching.travel import Travel
from tests.make import matching as make
from tests.make.matching import HOUR
from tests.scheduling.matching.equipment import reference
from tests.scheduling.matching.equipment.reference import KIND
from tests.scheduling.matching.order import PRICE

PLENTY = 12_000


def ground_of(problem):
    travel = Travel(problem)
    return lay(problem, kinds.candidates_of(problem, KIND, travel), travel)


def crowd(count, **changes):
    """Needs of 4 hours each, on one unit that is there for 12."""
    needs = tuple(make.equipment_need(f"n{k}", latest=20 * HOUR) for k in range(count))
    unit = make.unit(windows=(Interval(8 * HOUR, 20 * HOUR),), **changes)
    return make.problem(units=(unit,), equipment_needs=needs)


def most(problem, columns=PLENTY, worth=1.0):
    ground = ground_of(problem)
    worths = np.full(len(ground.open), worth)
    return Relaxation(ground, ground.open, columns).most(worths, 9.0)


def test_a_unit_cannot_serve_more_than_its_time():
    assert most(crowd(5, movable=False)) == pytest.approx(2.0)  # 4 h 30 each, within 11


def test_whoever_fits_is_counted_whole():
    assert most(crowd(1)) == pytest.approx(1.0)
    assert most(crowd(2, movable=False), worth=7.0) == pytest.approx(14.0)


def test_coarser_points_only_loosen_the_bound():
    fine, coarse = (most(crowd(5), columns) for columns in (PLENTY, 1))

    assert coarse >= fine - 1e-9


@pytest.mark.parametrize("factor", [0.0, 0.3, 1.0, 2.0])
def test_any_prices_give_a_bound(factor):
    problem = crowd(5)
    ground = ground_of(problem)
    relaxation = Relaxation(ground, ground.open, PLENTY)
    values = np.ones(len(relaxation.need))
    prices = factor * np.random.default_rng(1).random(relaxation.matrix.shape[0])

    assert relaxation.by_prices(values, prices) >= most(problem) - 1e-9


def test_a_relaxation_without_time_promises_everything():
    ground = ground_of(crowd(5))
    relaxation = Relaxation(ground, ground.open, PLENTY)

    assert relaxation.most(np.ones(5), 0.0) == 5.0


@pytest.mark.parametrize("columns", [1, PLENTY])
@pytest.mark.parametrize("seed", range(6))
def test_what_everything_tried_serves_is_within_the_bound(seed, columns):
    problem = reference.problem(seed)
    ground = ground_of(problem)
    weights = np.array([ground.weight[need] for need in ground.open], dtype=float)
    pressing = np.where(weights > 1, weights, 0.0)

    bound = Relaxation(ground, ground.open, columns).most(pressing, 9.0)

    assert bound >= reference.best(problem, PRICE)[0] - 1e-6


def test_steps_grow():
    assert list(STEPS) == sorted(STEPS)
    assert STEPS[0] == 1  # the slot itself: the tightest


def test_no_plan_serves_more_urgent_needs_than_can_be_reached():
    problem = city(150, seed=3, kinds=(KIND,))
    ground = ground_of(problem)
    pressing = {n for n in ground.open if problem.equipment_needs[n].urgency < Urgency.ROUTINE}
    draft = Draft(ground, fill(ground, {}, pressing))
    make_room(draft, pressing, Clock(Control(seconds=60.0)), reserve=0.0)

    assert len(draft.plan) <= most_urgent(ground) < len(pressing)
