"""Every figure of random towns, through facts, days and histograms, against the rows themselves."""

import os
from datetime import date
from random import Random

import pytest

from reports.actions import demand, rebuilding, usage, verifying
from reports.kpis.catalogue import KPIS
from reports.periods import Period
from tests.reports.references import OF_CITY, OF_INSTITUTION, REFERENCES, ROUGH
from tests.reports.references.agreement import wrong
from tests.reports.references.world import FIRST, LAST, NOW, build

# MEDSHARE_TOWNS=40 is the long form.
TOWNS = int(os.environ.get("MEDSHARE_TOWNS", "2"))
PERIOD = Period(FIRST, LAST)


@pytest.mark.once
def test_every_figure_of_the_catalogue_has_a_reference_and_nothing_else_has():
    assert set(REFERENCES) == set(KPIS)
    assert set(REFERENCES) > OF_CITY | OF_INSTITUTION | ROUGH


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(TOWNS))
def test_the_figures_are_those_of_the_rows(seed):
    houses = build(Random(seed))
    usage.record_missing(now=NOW)
    demand.record(now=NOW)
    rebuilding.rebuild(first=date(2026, 1, 20), last=LAST, now=NOW)
    assert list(verifying.differences()) == []
    for house in (None, *houses):
        assert wrong(house, PERIOD, NOW) == {}
