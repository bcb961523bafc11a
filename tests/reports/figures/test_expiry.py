"""The near-expiry board with its value: what is at risk, saved and expired, and who reads which."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from medshare_portal.roles import Role
from tests import make
from tests.reports.figures.numbers import DAY, counted, numbers
from tests.reports.test_figures_form import WRONG

pytestmark = [pytest.mark.django_db, pytest.mark.once]
DAYS = f"first={DAY - timedelta(days=6)}&last={DAY}"


@pytest.fixture
def town():
    houses = [
        make.institution(name.lower(), name_en=name, district_en=district, district_zh=district)
        for name, district in (("Renhe", "West"), ("Xihu", "East"))
    ]
    counted(*houses)
    return houses


def lot(house, days, packs, cost, **fields):
    expiry = timezone.localdate() + timedelta(days=days)
    return make.medicine_lot(
        house, stock=packs, unit_cost=cost, transfer_price=0, expiry_date=expiry, **fields
    )


def buckets(response):
    return [(row["lots"], row["value"], row["share"]) for row in response.context["shares"]]


def test_an_institution_reads_its_own_risk_by_the_days_that_are_left(town, client):
    lot(town[0], 20, 10, 100, lot_no="CANARYLOT")
    lot(town[0], 45, 5, 10)
    lot(town[1], 20, 99, 100, lot_no="OTHERLOT")
    client.force_login(make.user(at=town[0], role=Role.VIEWER))
    response = client.get("/at/renhe/figures/expiry/")
    assert buckets(response) == [
        ("1", "1,000 CNY", "100.0 %"), ("1", "50 CNY", "100.0 %"), ("0", "0 CNY", "n/a"),
        ("0", "0 CNY", "n/a"),
    ]  # fmt: skip
    assert [bar.width for bar in response.context["buckets"].rows][:2] == ["100.00%", "5.00%"]
    page = response.content.decode()
    assert "CANARYLOT" in page
    assert "OTHERLOT" not in page


def test_officials_read_sums_of_institutions_and_no_lot(town, client):
    lot(town[0], 20, 10, 100, lot_no="CANARYLOT")
    lot(town[1], 20, 30, 100)
    numbers(town[1], kind="medicine", value_rescued=70_000, value_expired=30_000, packs_rescued=7)
    client.force_login(make.user(role=Role.CITY_OFFICIAL))
    response = client.get(f"/city/figures/expiry/?{DAYS}")
    rows = response.context["houses"]
    assert [(r["name"], r["value"], r["saved"], r["expired"]) for r in rows] == [
        ("Xihu", "3,000 CNY", "700 CNY", "300 CNY"), ("Renhe", "1,000 CNY", "0 CNY", "0 CNY"),
    ]  # fmt: skip
    assert buckets(response)[0] == ("2", "4,000 CNY", "100.0 %")
    cards = {row["name"]: row for row in response.context["cards"]}
    assert cards["Expired in the period"]["parts"] == "30.0 %"
    assert [row.cells for row in response.context["trend"].table.rows][-1] == ("700 CNY", "300 CNY")
    assert "CANARYLOT" not in response.content.decode()
    rows = client.get(f"/city/figures/expiry/?{DAYS}&district=West").context["houses"]
    assert [row["name"] for row in rows] == ["Renhe"]


def test_without_stock_there_is_no_share(town, client):
    client.force_login(make.user(role=Role.CITY_OFFICIAL))
    response = client.get("/city/figures/expiry/")
    cards = {row["name"]: row for row in response.context["cards"]}
    assert cards["Expired in the period"]["parts"] == "n/a"
    assert "No lot ends within 180 days" in response.content.decode()


def test_a_stranger_does_not_find_the_page(town, client):
    client.force_login(make.user(at=town[1], role=Role.VIEWER))
    assert client.get("/at/renhe/figures/expiry/").status_code == 404


PAGES = ("expiry", "staff", "privacy")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("query", [query for query, field, _m in WRONG if field != "kind"])
def test_a_wrong_address_is_answered_with_what_is_wrong(town, client, page, query):
    client.force_login(make.user(at=town[0], role=Role.VIEWER))
    response = client.get(f"/at/renhe/figures/{page}/?{query}")
    assert response.status_code == 400
    assert 'class="error-summary"' in response.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_a_district_that_is_none_is_said_so(town, client, page):
    client.force_login(make.user(role=Role.CITY_OFFICIAL))
    response = client.get(f"/city/figures/{page}/?district=Nowhere")
    assert response.status_code == 400
    assert 'class="error-summary"' in response.content.decode()


def test_the_statements_are_as_many_for_one_lot_as_for_many(town, client):
    client.force_login(make.user(role=Role.CITY_OFFICIAL))

    def statements():
        with CaptureQueriesContext(connection) as found:
            client.get("/city/figures/expiry/")
        return len(found)

    lot(town[0], 20, 10, 100)
    statements()
    first = statements()
    for days in range(8):
        lot(town[days % 2], 10 + days, 10, 100)
    assert statements() == first
