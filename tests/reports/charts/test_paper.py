"""Scales and places hold whatever numbers come."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from reports.charts import paper, small

pytestmark = pytest.mark.once
numbers = some.floats(-1e6, 1e6).map(lambda value: round(value, 3))


@given(numbers, numbers)
def test_ticks_are_few_evenly_apart_and_hold_all(one, other):
    least, most = sorted((one, other))
    ticks = paper.round_ticks(least, most)
    slack = abs(ticks[1] - ticks[0]) * 1e-6
    assert 2 <= len(ticks) <= 5
    assert ticks[0] - slack <= least
    assert most <= ticks[-1] + slack
    assert ticks[1] - ticks[0] == pytest.approx(ticks[-1] - ticks[-2])


@pytest.mark.parametrize(
    ("least", "most", "ticks"),
    [
        (0, 1, [0, 0.25, 0.5, 0.75, 1]),
        (52, 64.8, [50, 55, 60, 65]),
        (0, 0, [0, 0.25, 0.5, 0.75, 1]),
        (-740, 1530, [-1000, 0, 1000, 2000]),
    ],
)
def test_ticks_are_round(least, most, ticks):
    assert paper.round_ticks(least, most) == pytest.approx(ticks)


@pytest.mark.parametrize(
    ("most", "ticks"), [(0, [0, 1]), (1, [0, 1]), (3, [0, 1, 2, 3]), (10, [0, 5, 10])]
)
def test_ticks_of_counts_are_whole(most, ticks):
    assert paper.round_ticks(0, most, whole=True) == ticks


@given(some.lists(some.floats(0, 160), max_size=4))
def test_names_keep_their_order_and_distance(places):
    found = paper.apart(places, 30, 164)
    ordered = [found[n] for n in sorted(range(len(places)), key=lambda n: places[n])]
    assert all(b - a >= 30 - 1e-6 for a, b in pairwise(ordered))
    assert all(place <= 164 for place in found)


def test_what_is_no_number_has_no_place():
    for wrong in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="number"):
            paper.percent(wrong)


@pytest.mark.parametrize(
    ("people", "hidden"),
    [
        ([9, 8, 7], set()),
        ([4, 8, 7], {0, 2}),
        ([4, 1, 7], {0, 1}),
        ([4, 0, 0], {0}),
        ([0, 0], set()),
        ([5], set()),
    ],
)
def test_few_people_are_hidden_and_one_alone_never(people, hidden):
    assert small.hidden(people) == hidden
