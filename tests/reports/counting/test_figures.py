"""Sums of the numbers of days, by whatever they are asked for."""

from datetime import date
from decimal import Decimal

import pytest

from reports.models import DailyRollup
from reports.queries import figures, numbers
from resources.models import Category
from tests import make
from tests.reports.figures.numbers import summed

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 3, 1), date(2026, 4, 30)


def row(day, institution=1, side="owner", kind="equipment", category="06-ct", currency="CNY", **n):
    DailyRollup.unscoped.create(
        day=day, institution_key=institution, side=side, kind=kind, category_code=category,
        currency=currency, **n,
    )  # fmt: skip
    summed(institution, day)


@pytest.fixture
def rows():
    row(date(2026, 3, 2), offered=36000, booked=7200, filled=1, ended=2, refused=1, charged=150)
    row(date(2026, 3, 9), offered=36000, used=3600, currency="EUR", charged=250)
    row(date(2026, 4, 1), institution=2, side="borrower", used=3600, withdrawn=1, ended=1)
    row(date(2026, 5, 1), used=999)
    return numbers.of_city()


def test_totals_keep_currencies_apart_and_the_period(rows):
    sums = figures.total(rows, FIRST, LAST, side="owner")
    assert (sums.hours.offered, sums.hours.booked, sums.hours.used) == (20, 2, 1)
    assert (sums.ended, sums.unmet, sums.due) == (2, 1, 2)
    assert sums.charged == {"CNY": Decimal("1.50"), "EUR": Decimal("2.50")}
    assert figures.total(rows, FIRST, LAST, side="borrower").due == 0
    assert figures.total(rows, date(2020, 1, 1), date(2020, 1, 2)) == figures.Sums()


def test_groups_come_in_order_and_by_parts_of_the_calendar(rows):
    found = figures.grouped(rows, FIRST, LAST, by=("month", "institution_key"))
    assert [key for key, _sums in found] == [(date(2026, 3, 1), 1), (date(2026, 4, 1), 2)]
    weeks = figures.grouped(rows, FIRST, LAST, by=["week"], side="owner", only=("used",))
    assert [(key[0], sums.hours.used) for key, sums in weeks] == [
        (date(2026, 3, 2), 0), (date(2026, 3, 9), 1),
    ]  # fmt: skip


def test_a_category_means_all_below_it(rows):
    parent = make.category("06")
    make.category("06-ct", parent=parent)
    make.category("07")
    assert figures.total(rows, FIRST, LAST, category=parent).hours.offered == 20
    other = Category.objects.get(slug="07")
    assert figures.total(rows, FIRST, LAST, category=other) == figures.Sums()
    assert figures.total(rows, FIRST, LAST, institution_key=[2]).hours.used == 1


@pytest.mark.parametrize("asked", [{"by": ["owner_en"]}, {"by": [], "used": 1}])
def test_what_is_no_dimension_is_refused(rows, asked):
    with pytest.raises(ValueError, match="no dimension"):
        figures.grouped(rows, FIRST, LAST, **asked)


def test_one_query_whatever_is_asked(rows, django_assert_num_queries):
    with django_assert_num_queries(1):
        figures.grouped(rows, FIRST, LAST, by=("institution_key", "kind", "day"))


def test_an_institution_reads_its_own_numbers():
    one = make.institution()
    row(date(2026, 3, 2), institution=one.pk, used=7200)
    row(date(2026, 3, 9), institution=one.pk + 1, used=3600)
    assert figures.total(numbers.of(one), FIRST, LAST).hours.used == 2
