"""Figures in words: n/a where there is none, never 0; better or worse where that can be said."""

import pytest
from django.utils import translation

from reports.kpi_words import change_of, measure_words, number_words, parts_of
from reports.kpis import Measure, Unit, ratio

pytestmark = pytest.mark.once


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        (ratio(140_616, 217_000), "64.8 %"),
        (ratio(0, 10), "0.0 %"),
        (ratio(0, 0), "n/a"),
        (Measure(412_000.4, None, None, Unit.MONEY), "412,000 CNY"),
        (Measure(-300, None, None, Unit.MONEY), "−300 CNY"),
        (Measure(0.3214, 1, 1, Unit.INDEX), "0.321"),
        (Measure(1234.5, None, None, Unit.HOURS), "1,234 h"),
        (Measure(0.5, None, 4, Unit.HOURS), "0.5 h"),
        (Measure(2.01, None, 4, Unit.HOURS), "2 h"),
    ],
)
def test_a_figure_is_written_in_its_unit(measure, words):
    assert measure_words(measure, "CNY") == words


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        (Measure(0.29, 0.1454, 0.5, Unit.INDEX), ("0.145", "0.500")),
        (Measure(0.16, 13_440.2, 84_000, Unit.INDEX), ("13,440", "84,000")),
        (ratio(13.25, 100), ("13.2", "100")),
        (Measure(3, 3, None, Unit.HOURS), ("–", "–")),
    ],
)
def test_what_a_figure_is_made_of_is_as_exact_as_its_unit(measure, words):
    assert parts_of(measure) == words


def test_what_is_rounded_away_is_no_change():
    before, now = (Measure(hours, None, 4, Unit.HOURS) for hours in (2.0, 2.02))
    with translation.override("en"):
        assert change_of("median", now, before)["words"] == "as before"


def test_a_nought_that_is_rounded_has_no_sign():
    assert number_words(-0.0001, 1) == "0.0"


@pytest.mark.parametrize(
    ("code", "now", "before", "words", "tone"),
    [
        ("fulfilment", (8, 10), (7, 10), "10.0 points better", "ok"),
        ("fulfilment", (7, 10), (8, 10), "10.0 points worse", "bad"),
        ("overdue", (2, 10), (1, 10), "10.0 points worse", "bad"),
        ("received_share", (2, 10), (1, 10), "10.0 points", "neutral"),
        ("fulfilment", (7, 10), (7, 10), "as before", "neutral"),
    ],
)
def test_a_change_is_better_or_worse_by_what_the_figure_says(code, now, before, words, tone):
    change = change_of(code, ratio(*now), ratio(*before))
    assert (change["words"], change["tone"]) == (words, tone)


def test_without_a_figure_on_both_sides_nothing_has_changed():
    assert change_of("fulfilment", ratio(1, 2), None) is None
    assert change_of("fulfilment", ratio(1, 2), ratio(0, 0)) is None
    assert change_of("fulfilment", ratio(0, 0), ratio(1, 2)) is None
