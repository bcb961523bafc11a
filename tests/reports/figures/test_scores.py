"""Figures made of numbers of days, each from the right side."""

from dataclasses import replace

import pytest

from reports.queries.figures import Devices, Hours, Sums
from reports.queries.scores import added, balance, scores
from reports.rollups.columns import COLUMNS, MONEY, SCORED, TIMES

pytestmark = pytest.mark.once
GIVEN = Sums(
    hours=Hours(used=30),
    devices=Devices(offered=100, booked=40, used=30, own_used=10, planned_down=8,
                    unplanned_down=2, idle=50),
    answered=8, answered_in_time=6, packs_rescued=5, value_rescued={"CNY": 700, "EUR": 1},
)  # fmt: skip
RECEIVED = Sums(
    hours=Hours(used=10), devices=Devices(lent=5, returned_late=1), ended=12, withdrawn=2, filled=7, not_collected=1, cancelled=2,
    packs_asked=40, packs_accepted=30,
)  # fmt: skip


def test_each_figure_is_made_of_its_side():
    made = scores(GIVEN, RECEIVED, currency="CNY")
    assert {code: measure.value for code, measure in made.items()} == {
        "scheduled": 0.4,
        "net": 30 / 90,
        "idle_conversion": 0.3,
        "idle_rate": 0.5,
        "sharing_rate": 0.75,
        "availability": 0.9,
        "in_time": 0.75,
        "fulfilment": 0.7,
        "quantity_fill": 0.75,
        "no_show": 0.1,
        "overdue": 0.2,
        "packs_rescued": 5,
        "waste_avoided": 700,
    }
    assert balance(GIVEN, RECEIVED).value == 0.25


def test_scores_are_made_of_the_columns_that_their_pages_ask_for():
    times, others = set(TIMES) - set(SCORED), set(COLUMNS) - set(TIMES) - set(MONEY) - set(SCORED)
    for given, received in ((GIVEN, RECEIVED), (RECEIVED, GIVEN)):
        more = [
            replace(
                sums, hours=replace(sums.hours, **dict.fromkeys(times, 99)),
                **dict.fromkeys(others, 99),
            )
            for sums in (given, received)
        ]  # fmt: skip
        assert scores(*more, currency="CNY") == scores(given, received, currency="CNY")


def test_who_did_nothing_has_no_figures_but_sums_of_nothing():
    made = scores(Sums(), Sums(), currency="CNY")
    known = {code for code, measure in made.items() if measure.known}
    assert known == {"packs_rescued", "waste_avoided"}
    assert balance(Sums(), Sums()).value is None


def test_no_two_currencies_are_added():
    assert scores(GIVEN, RECEIVED, currency="EUR")["waste_avoided"].value == 1
    total = added([GIVEN, GIVEN, Sums(value_rescued={"USD": 3})])
    assert total.value_rescued == {"CNY": 1400, "EUR": 2, "USD": 3}


def test_sums_of_groups_are_added_column_by_column():
    total = added([GIVEN, RECEIVED])
    assert (total.hours.used, total.devices.offered, total.devices.lent) == (40, 100, 5)
    assert (total.ended, total.answered) == (12, 8)
    assert added([]) == Sums()
