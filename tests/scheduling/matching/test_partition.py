"""Regions: everything is in one, each is small, and the next sweep cuts elsewhere."""

import numpy as np
import pytest

from scheduling.matching.partition import points, regions
from tests.make.shifts_to_fill import city

RANDOM = np.random.default_rng(5)
TOWN = RANDOM.normal(size=(1_000, 2))
NEEDS = RANDOM.normal(size=(3_000, 2))


def members(rows, part):
    return sorted(index for region in rows for index in getattr(region, part).tolist())


@pytest.mark.parametrize("size", [1, 7, 120, 999, 1_000, 5_000])
def test_everything_is_in_exactly_one_region(size):
    rows = list(regions(NEEDS, TOWN, size=size))
    assert members(rows, "needs") == list(range(3_000))
    assert members(rows, "offers") == list(range(1_000))
    assert max(len(region.offers) for region in rows) <= size


def test_regions_are_about_as_large_as_asked():
    sizes = [len(region.offers) for region in regions(NEEDS, TOWN, size=120)]
    assert min(sizes) > 60


def test_a_region_lies_together():
    spread = [
        np.ptp(TOWN[region.offers], axis=0).prod() for region in regions(NEEDS, TOWN, size=50)
    ]
    assert np.median(spread) < np.ptp(TOWN, axis=0).prod() / 20


def test_needs_go_with_the_offers_around_them():
    where = np.array([[0.0, 0.0], [10.0, 0.0]]).repeat(10, axis=0)
    rows = list(regions(where, where, size=10))
    assert [region.needs.tolist() for region in rows] == [region.offers.tolist() for region in rows]


def test_one_crowded_place_is_cut_too_with_its_needs_shared_out():
    here = np.zeros((400, 2))
    rows = list(regions(here, here, size=100))
    assert [len(region.offers) for region in rows] == [100] * 4
    assert min(len(region.needs) for region in rows) > 50


def test_the_same_seed_cuts_alike_and_another_sweep_elsewhere():
    def cut(**how):
        return [region.offers.tolist() for region in regions(NEEDS, TOWN, size=120, **how)]

    assert cut(sweep=3, seed=2) == cut(sweep=3, seed=2)
    assert cut(sweep=3, seed=2) != cut(sweep=4, seed=2)
    assert cut(sweep=3, seed=2) != cut(sweep=3, seed=3)


def test_nothing_to_cut_is_one_empty_region():
    nothing = np.zeros((0, 2))
    assert [len(region.needs) for region in regions(NEEDS, nothing, size=9)] == [3_000]
    assert members(regions(nothing, nothing, size=9), "needs") == []


def test_a_degree_of_longitude_is_shorter_than_one_of_latitude():
    where = points(city(places=("renhe", "tongji")))
    assert where.shape == (2, 2)
    assert where[0, 0] == pytest.approx(121.4 * 0.855, rel=0.01)
