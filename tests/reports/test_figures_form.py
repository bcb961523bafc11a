"""Filters of a report: what the address says, or what is wrong with it."""

from datetime import date

import pytest
from django.http import QueryDict
from django.utils import translation

from reports.forms.figures import FiguresForm
from reports.periods import Period

pytestmark = pytest.mark.once
LAST = date(2026, 11, 29)


def form(query=""):
    return FiguresForm(QueryDict(query), last=LAST)


def test_without_a_word_it_is_the_last_thirty_days_and_those_before():
    made = form()
    assert made.is_valid()
    assert made.chosen == Period(date(2026, 10, 31), LAST)
    assert made.compared == Period(date(2026, 10, 1), date(2026, 10, 30))


@pytest.mark.parametrize(
    ("query", "chosen", "compared"),
    [
        ("period=7", (date(2026, 11, 23), LAST), (date(2026, 11, 16), date(2026, 11, 22))),
        ("period=7&compare=nothing", (date(2026, 11, 23), LAST), None),
        (
            "first=2026-02-01&last=2026-02-28&compare=year",
            (date(2026, 2, 1), date(2026, 2, 28)),
            (date(2025, 2, 1), date(2025, 2, 28)),
        ),
        ("period=30&period=365", (date(2025, 11, 30), LAST), (date(2024, 11, 30), date(2025, 11, 29))),
    ],
)  # fmt: skip
def test_the_address_says_which_days(query, chosen, compared):
    made = form(query)
    assert made.is_valid(), made.errors
    assert made.chosen == Period(*chosen)
    assert made.compared == (compared and Period(*compared))


WRONG = [
    ("period=own", "first", "Give both days."),
    ("first=2026-01-01", "last", "Give both days."),
    ("last=2026-01-01", "first", "Give both days."),
    ("first=2026-02-02&last=2026-02-01", "last", "The period ends before it begins."),
    ("first=1826-01-01&last=2026-01-01", "first", "There are no figures from before the year 2000."),
    ("first=0001-01-01&last=0001-01-01", "first", "There are no figures from before the year 2000."),
    ("first=2026-01-01&last=9999-12-31", "last", "The period ends in the future."),
    ("first=2001-01-01&last=2026-01-01", "last", "A report covers three years at most."),
    ("first=yesterday&last=2026-01-01", "first", None),
    ("first=2026-02-30&last=2026-03-01", "first", None),
    ("period=73000", "period", None),
    ("period=%00", "period", None),
    ("compare=moon", "compare", None),
    ("kind=spaceship", "kind", None),
]  # fmt: skip


@pytest.mark.parametrize(("query", "field", "message"), WRONG)
def test_what_cannot_be_is_said_beside_its_field(query, field, message):
    made = form(query)
    assert not made.is_valid()
    assert list(made.errors) == [field]
    if message:
        assert made.errors[field] == [message]
    with translation.override("zh-hans"):
        again = form(query)
        assert not again.is_valid()
        assert not str(again.errors[field][0]).isascii()
    assert made.chosen is None
