"""Every figure of random towns, through facts, days and histograms, against the rows themselves."""

import os
from collections import defaultdict
from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from reports.actions import demand, rebuilding, usage, verifying
from reports.kpis.catalogue import KPIS
from reports.periods import Period
from reports.queries.secret_people import people_of
from tests.reports.references import OF_CITY, OF_INSTITUTION, REFERENCES, ROUGH
from tests.reports.references.agreement import wrong
from tests.reports.references.draws import Draws
from tests.reports.references.seen import Seen
from tests.reports.references.world import FIRST, LAST, NOW, build

# MEDSHARE_TOWNS=40 is the long form: other towns each time, and one that fails is shrunk.
SHORT = 2
TOWNS = int(os.environ.get("MEDSHARE_TOWNS", SHORT))
PERIOD = Period(FIRST, LAST)


@pytest.mark.once
def test_every_figure_of_the_catalogue_has_a_reference_and_nothing_else_has():
    assert set(REFERENCES) == set(KPIS)
    assert set(REFERENCES) > OF_CITY | OF_INSTITUTION | ROUGH


@settings(
    max_examples=TOWNS,
    deadline=None,
    derandomize=TOWNS == SHORT,
    database=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=st.data())
@pytest.mark.django_db
def test_the_figures_are_those_of_the_rows(data):
    with transaction.atomic():
        _check(Draws(data))
        transaction.set_rollback(True)


def _check(draws: Draws) -> None:
    houses = build(draws)
    usage.record_missing(now=NOW)
    demand.record(now=NOW)
    rebuilding.rebuild(first=date(2026, 1, 20), last=LAST, now=NOW)
    assert list(verifying.differences()) == []
    for house in (None, *houses):
        assert wrong(house, PERIOD, NOW) == {}
    for days in (PERIOD, Period(FIRST, date(2026, 2, 28)), Period(date(2026, 3, 4), LAST)):
        assert people_of(days) == _people(days)


def _people(days: Period) -> dict:
    """Whose shifts ended, on either side, from the requests themselves."""
    found = defaultdict(set)
    seen = Seen(None, days.first, days.last, NOW)
    for row in seen.ended(seen.given("staff")):
        if row.state == "closed":
            found[row.owner_id, "owner"].add(row.resource_id)
            found[row.borrower_id, "borrower"].add(row.resource_id)
    return found
