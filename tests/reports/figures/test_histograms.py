"""Histograms of waits, in which the city's are kept, against the waits themselves."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from reports.rollups import digest

waits = some.lists(some.floats(0, 90 * 86400, width=32), min_size=1, max_size=60)


@pytest.mark.once
@given(waits)
def test_a_histogram_says_what_the_waits_said(found):
    counts: dict[int, int] = {}
    for wait in found:
        counts[digest.bucket(wait)] = counts.get(digest.bucket(wait), 0) + 1
    ordered = sorted(found)
    half = len(ordered) // 2
    middle = (ordered[half] + ordered[~half]) / 2
    near = {"rel": 0.0225, "abs": 31}
    assert digest.median(counts) == pytest.approx(middle, **near)
    tenth = min(w for w in ordered if sum(v <= w for v in ordered) * 10 >= 9 * len(ordered))
    assert digest.quantile(counts, 0.9) == pytest.approx(tenth, **near)


@pytest.mark.once
def test_a_histogram_of_nothing_says_nothing():
    assert (digest.median({}), digest.quantile({}, 0.9)) == (None, None)


@pytest.mark.once
@given(some.floats(0, 90 * 86400, width=32))
def test_a_bucket_is_near_whatever_fell_into_it(wait):
    assert digest.middle(digest.bucket(wait)) == pytest.approx(wait, rel=0.0225, abs=31)
