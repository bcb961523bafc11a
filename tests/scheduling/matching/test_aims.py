"""A weight of 0 leaves its tier out of what a plan aims at; any other number counts the same."""

from dataclasses import replace

import pytest

from scheduling.matching.plan import Control
from scheduling.matching.problem import Kind, Match, Parameters
from scheduling.matching.solve import solve
from tests.make import matching as make

NEAR, FAR = "a", "c"


def served_by(problem, kind, **weights) -> list[str]:
    given = replace(problem, parameters=Parameters(**weights))
    return [match.offer for match in solve(given, Control(seconds=5), only=[kind]).matches]


def test_waste_decides_between_lots_unless_it_is_left_out():
    """The far lot expires soon; the near one does not."""
    lots = (
        make.lot("near", institution=NEAR, packs=10, expiry_day=400),
        make.lot("far", institution=FAR, packs=10, expiry_day=30),
    )
    problem = make.problem(lots=lots)
    assert served_by(problem, Kind.MEDICINE) == ["far"]
    assert served_by(problem, Kind.MEDICINE, waste_weight=0.0) == ["near"]
    assert served_by(problem, Kind.MEDICINE, waste_weight=0.5) == ["far"]


@pytest.mark.parametrize(
    ("kind", "offers", "before"),
    [
        (Kind.MEDICINE, {"lots": (make.lot("near"), make.lot("far", institution=FAR))},
         Match("mn", "far", 10)),
        (Kind.STAFF, {"people": (make.person("near"), make.person("far", institution=FAR))},
         make.shift(offer="far")),
        (Kind.EQUIPMENT, {"units": (make.unit("near"), make.unit("far", institution=FAR))},
         make.pump_use(offer="far")),
    ],
)  # fmt: skip
def test_what_was_proposed_before_stays_unless_that_is_left_out(kind, offers, before):
    problem = make.problem(**offers, previous=(before,))
    assert served_by(problem, kind) == ["far"]
    assert served_by(problem, kind, stability_weight=0.0) == ["near"]


@pytest.mark.parametrize(
    ("kind", "offers"),
    [
        (Kind.MEDICINE, {"lots": (make.lot("far", institution=FAR), make.lot("near"))}),
        (Kind.STAFF, {"people": (make.person("far", institution=FAR), make.person("near"))}),
        (Kind.EQUIPMENT, {"units": (make.unit("far", institution=FAR), make.unit("near"))}),
    ],
)
def test_ways_are_short_and_without_that_aim_the_need_is_served_all_the_same(kind, offers):
    problem = make.problem(**offers)
    assert served_by(problem, kind) == ["near"]
    assert len(served_by(problem, kind, distance_weight=0.0)) == 1
