"""The rows behind the figures of data quality and behind alerts of lots: as many as they say."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone, translation

from reports.filters_quality import days
from reports.models import Alert
from reports.queries.alerts import WATCHED
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.once]
DAY = timedelta(days=1)
LATE = {"status": "listed", "confirmed_at": None}


@pytest.fixture
def town():
    now = timezone.now()
    houses = [make.institution(name, district_en=name) for name in ("renhe", "xihu")]
    for house in houses:
        made = {"status": "listed", "confirmed_at": now, "visibility": "all"}
        make.equipment(house, name_en="Pump with codes", udi_di="06901234567892", **made)
        make.equipment(house, name_en="Pump without", **made)
        make.equipment(house, name_en="Pump of long ago", udi_di="06901234567892", **LATE)
        make.equipment(house, name_en="Draft", status="draft")
    make.person(houses[0], person_name="Secret Name", name_en="Nurse Secret Badge", **LATE)
    return SimpleNamespace(renhe=houses[0], xihu=houses[1], now=now)


def official(client):
    client.force_login(make.city_user())
    return client


def figures(client, address):
    page = client.get(address)
    rows = [row for _family, rows in page.context["families"] for row in rows]
    return {row["code"]: row for row in rows if row["code"] in ("coded", "stale")}


def listed(client, url):
    return client.get(url).context["table"].paginator.count


@pytest.mark.parametrize("narrowed", ["", "?kind=equipment"])
def test_each_figure_of_data_quality_leads_to_as_many_resources(town, client, narrowed):
    client = official(client)
    for address in ("/city/figures/all/", f"/city/figures/{town.renhe.pk}/all/"):
        found = figures(client, address + narrowed)
        coded, stale = found["coded"], found["stale"]
        assert listed(client, coded["url"]) == int(coded["denominator"]) - int(coded["numerator"])
        with_codes = coded["url"].replace("uncoded", "coded")
        assert listed(client, with_codes) == int(coded["numerator"])
        assert listed(client, stale["url"]) == int(stale["numerator"]) > 0


def test_officials_read_no_name_of_a_person_and_an_institution_its_own_rows(town, client):
    page = official(client).get("/city/figures/quality/?kind=staff").content.decode()
    assert "Secret" not in page
    assert "Renhe Hospital" in page
    client.force_login(make.user(at=town.renhe, role="coordinator"))
    page = client.get("/at/renhe/figures/quality/?what=stale").content.decode()
    assert "Pump of long ago" in page
    assert "Xihu" not in page
    assert listed(client, figures(client, "/at/renhe/figures/all/")["stale"]["url"]) == 2
    assert client.get("/at/renhe/figures/quality/?what=x").status_code == 400


@pytest.fixture
def lots(town):
    """Three lots at risk, one of them not shared, one that expires much later."""
    today = timezone.localdate(town.now)
    for ends, status in ((10, "listed"), (80, "listed"), (85, "draft"), (170, "listed")):
        make.medicine_lot(
            town.renhe, stock=13, status=status, lot_no=f"LOTNO{ends}", unit_cost=7,
            transfer_price=0, expiry_date=today + ends * DAY, generic_name_en=f"Medicine {ends}",
        )  # fmt: skip
    return today


def test_an_alert_of_lots_leads_the_city_to_as_many_without_their_numbers(town, lots, client):
    figure = WATCHED["lots"].figure(town.renhe, town.now)
    Alert.unscoped.create(
        institution=town.renhe, sort="lots", figure=figure, limit=1, since=lots, told=figure
    )
    client = official(client)
    (house,) = client.get("/city/alerts/").context["houses"]
    page = client.get(house["rows"][0]["url"])
    assert page.context["table"].paginator.count == figure == 3
    text = page.content.decode()
    assert "LOTNO" not in text
    assert "not shared" in text
    assert text.index("91 CNY") > 0  # 13 packs of 7
    assert listed(client, "/city/figures/expiry/lots/?within=180") == 4
    assert listed(client, "/city/figures/expiry/lots/?district=xihu") == 0
    assert client.get("/city/figures/expiry/lots/?within=5").status_code == 400
    with translation.override("zh-hans"):
        assert days()[3] == ("180", "180 天")


def test_an_alert_of_overdue_loans_leads_the_city_to_as_many(town, client):
    device = make.equipment(town.renhe, units=3)
    late = {"starts_at": town.now - 2 * DAY, "ends_at": town.now - DAY}
    for _loan in range(2):
        make.sharing_request(device, town.xihu, state="underway", **late)
    figure = WATCHED["overdue"].figure(town.renhe, town.now)
    Alert.unscoped.create(
        institution=town.renhe, sort="overdue", figure=figure, limit=1, since=town.now.date(),
        told=figure,
    )  # fmt: skip
    client = official(client)
    (house,) = client.get("/city/alerts/").context["houses"]
    assert listed(client, house["rows"][0]["url"]) == figure == 2


def test_the_lists_take_as_many_queries_for_many_rows(
    town, lots, client, django_assert_max_num_queries
):
    client = official(client)
    for _more in range(12):
        make.equipment(town.xihu, status="listed", confirmed_at=None)
    for address in ("/city/figures/quality/", "/city/figures/expiry/lots/"):
        client.get(address)
        with django_assert_max_num_queries(11):
            client.get(address)
