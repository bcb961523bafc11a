"""Figures of random towns, through facts, days and histograms, against the rows themselves."""

from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from medshare_portal import policy
from reports.actions import counting, usage, verifying
from reports.periods import Period
from reports.queries.all_figures import all_figures, figures_of, ground_of
from reports.rollups import digest
from tests.reports.figures.world import FIRST, LAST, NOW, Slow, build

CLOSE = {"rel": 1e-9, "abs": 1e-9}
ROUGHLY = {"rel": 0.023, "abs": 0.01}  # what a histogram may be off


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2])
def test_from_rows_through_days_to_the_number(seed):
    build(Random(seed))
    usage.record_missing(now=NOW)
    counting.rebuild(first=date(2026, 1, 20), last=LAST, now=NOW)
    assert list(verifying.differences()) == []
    slow, near = Slow(), policy.current().medicine.near_expiry_days
    period = Period(FIRST, LAST)
    ground = ground_of(None, period, now=NOW)  # what rests on few people too
    made = {(one.code, one.part): one.measure for one in figures_of(ground)}

    expected = {
        "late_cancel": slow.late_cancel(), "no_show": slow.no_show(),
        "fulfilment": slow.fulfilment(), "staff_hours": slow.staff_hours(),
        "notice": slow.notice(), "overrides": slow.overrides(),
        "looks_refused": slow.looks_refused(), "break_glass_reviewed": slow.reviewed(),
        "grants_expired": slow.expired(), "looks": slow.looks(),
        "recognition": slow.recognition(), "waste_avoided": slow.waste_avoided(near),
        "waste_confirmed": slow.waste_confirmed(near),
    }  # fmt: skip
    for code, value in expected.items():
        assert _float(made[code, ""].value) == pytest.approx(_float(value), **CLOSE)
    assert made["gross", ""].numerator == slow.used_hours("equipment") > 0
    stock = [slow.stock(day) for day in (date(2026, 1, 31), date(2026, 2, 28))]
    assert float(made["expiry_loss", ""].denominator) == pytest.approx(float(sum(stock)) / 2)
    for part, first, last in (
        ("Sent → decided", "submitted_at", "decided_at"),
        ("Decided → handed over", "decided_at", "actual_starts_at"),
        ("Sent → handed over", "submitted_at", "actual_starts_at"),
    ):
        assert made["median", part].value == pytest.approx(slow.median(first, last), **ROUGHLY)
        assert made["p90", part].value == pytest.approx(slow.slowest_tenth(first, last), **ROUGHLY)
        assert made["p90", part].denominator == len(slow.waits(first, last))
    listed = {(figure.code, figure.part): figure for figure in all_figures(None, period, now=NOW)}
    assert set(listed) == set(made)


def _float(value):
    return None if value is None else float(value)


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
