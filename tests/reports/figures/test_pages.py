"""Pages of figures: what they say, to whom, and what a wrong address is answered."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from medshare_portal.roles import Role
from reports.actions import usage
from tests import make
from tests.reports.figures.numbers import DAY, HOUR, both, counted, numbers
from tests.reports.figures.test_staff_hours import lent
from tests.reports.test_figures_form import WRONG

pytestmark = [pytest.mark.django_db, pytest.mark.once]
DAYS = f"first={DAY - timedelta(days=6)}&last={DAY}"
NAMES = ("Renhe", "Xihu", "Meilin", "Yulin", "Beihe")


@pytest.fixture
def town():
    houses = [
        make.institution(name.lower(), name_en=name, service_population=10_000) for name in NAMES
    ]
    counted(*houses)
    return houses


@pytest.fixture
def official(client):
    client.force_login(make.user(role=Role.CITY_OFFICIAL))
    return client


def text_of(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def cells(response, code):
    rows = [row for _name, group in response.context["groups"] for row in group]
    return next(row for row in rows if row["code"] == code)


def test_the_city_reads_six_numbers_their_change_and_what_is_behind_them(town, official):
    renhe, xihu, *_rest = town
    both(renhe, xihu, used=30 * HOUR, ended=4, filled=3, answered=4, answered_in_time=4)
    numbers(renhe, category_code="offered", offered=200 * HOUR, booked=50 * HOUR)
    numbers(renhe, kind="staff", offered=500 * HOUR, booked=500 * HOUR)
    week_before = DAY - timedelta(days=7)
    both(renhe, xihu, day=week_before, used=20 * HOUR, ended=4, filled=2)
    response = official.get(f"/city/figures/?{DAYS}")
    found = {row["code"]: row for row in response.context["headlines"]}
    assert list(found) == [
        "scheduled", "fulfilment", "in_time", "idle_conversion", "waste_avoided", "gini_weighted",
    ]  # fmt: skip
    assert (found["scheduled"]["value"], found["scheduled"]["parts"]) == ("25.0 %", "50 ÷ 200")
    assert found["fulfilment"]["value"] == "75.0 %"
    assert found["fulfilment"]["change"]["words"] == "25.0 points better"
    assert found["gini_weighted"]["value"] == "0.800"  # one of five alike receives all
    page = response.content.decode()
    assert "Sharing is up: 30 h used by others, 50 % more than before" in page
    assert f'href="/city/figures/requests/?first={DAY - timedelta(days=6)}&amp;last={DAY}"' in page
    assert f"/city/figures/{renhe.pk}/?first=" in page
    assert 'href="/city/method/#scheduled"' in page


def test_without_numbers_it_says_not_applicable_and_never_nought(town, official):
    page = text_of(official, f"/city/figures/?{DAYS}")
    assert page.count('<span class="headline">n/a</span>') == 5
    assert "<svg" in page


def test_a_city_without_institutions_has_a_page(official):
    assert "Nothing has been counted yet" in text_of(official, "/city/figures/")


def test_the_kind_leaves_the_others_out(town, official):
    renhe, xihu, *_rest = town
    both(renhe, xihu, used=30 * HOUR)
    lent(renhe, xihu, 5, used=40 * HOUR)
    assert "70 h used by others" in text_of(official, f"/city/figures/?{DAYS}")
    assert "40 h used by others" in text_of(official, f"/city/figures/?{DAYS}&kind=staff")


@pytest.mark.parametrize("query", [query for query, _field, _message in WRONG])
@pytest.mark.parametrize("page", ["/city/figures/", "/city/figures/{}/", "/at/renhe/figures/"])
def test_a_wrong_address_is_answered_with_what_is_wrong(town, client, page, query):
    city = page.startswith("/city/")
    role, at = (Role.CITY_OFFICIAL, None) if city else (Role.VIEWER, town[0])
    client.force_login(make.user(at=at, role=role))
    shown = text_of(client, page.format(town[0].pk) + f"?{query}", status=400)
    assert 'class="error-summary"' in shown
    assert "headline" not in shown


def test_an_institution_reads_itself_the_median_and_its_rank_and_nobody_elses_name(town, client):
    for place, house in enumerate(town):
        numbers(house, offered=100 * HOUR, booked=(10 + place) * HOUR)
    client.force_login(make.user(at=town[1], role=Role.VIEWER))
    response = client.get(f"/at/xihu/figures/?{DAYS}")
    row = cells(response, "scheduled")
    assert (row["value"], row["median"], row["rank"]) == ("11.0 %", "12.0 %", "4 / 5")
    assert (row["numerator"], row["denominator"]) == ("11", "100")
    page = response.content.decode()
    assert [name for name in NAMES if name in page] == ["Xihu"]


def test_of_fewer_than_five_there_is_no_median_and_no_rank(town, client):
    for house in town[:4]:
        numbers(house, offered=100 * HOUR, booked=house.pk % 7 * HOUR)
    client.force_login(make.user(at=town[1], role=Role.VIEWER))
    row = cells(client.get(f"/at/xihu/figures/?{DAYS}"), "scheduled")
    assert (row["median"], row["rank"]) == ("–", "–")


def test_given_and_received_come_from_their_sides(town, client):
    renhe, xihu, meilin, *_rest = town
    both(renhe, xihu, used=30 * HOUR)
    both(meilin, renhe, used=10 * HOUR)
    client.force_login(make.user(at=renhe, role=Role.VIEWER))
    response = client.get(f"/at/renhe/figures/?{DAYS}")
    assert cells(response, "received_share")["value"] == "25.0 %"
    (stack,) = response.context["sides"].table.rows
    assert stack.cells == ("30 hours", "10 hours")


@pytest.fixture
def ended(town):
    """Renhe lent to Xihu; Meilin has nothing to do with it."""
    renhe, xihu, *_rest = town
    now = datetime(2026, 3, 10, 4, tzinfo=UTC)
    device = make.equipment(renhe, name_en="Canary ventilator")
    request = make.sharing_request(device, xihu, state="declined", now=now)
    usage.record_missing(now=now)
    return request


def test_the_rows_behind_are_read_by_both_sides_and_the_city_only(town, ended, client):
    for house in town[:3]:
        client.force_login(make.user(at=house, role=Role.VIEWER))
        page = text_of(
            client,
            f"/at/{house.slug}/figures/requests/?period=own&first=2025-01-01&last=2026-03-11",
        )
        assert ("Canary ventilator" in page) == (house.slug != "meilin")
    client.force_login(make.user(role=Role.CITY_OFFICIAL))
    page = text_of(client, "/city/figures/requests/?first=2025-01-01&last=2026-03-11")
    assert "Canary ventilator" in page
    nobody = f"/city/figures/requests/?first=2025-01-01&last=2026-03-11&institution={town[2].pk}"
    assert "Canary ventilator" not in text_of(client, nobody)


@pytest.mark.parametrize(
    "query",
    ["kind=x", "outcome=x", "first=x", "institution=x", "institution=999999", "last=2026-02-30"],
)
def test_a_wrong_filter_of_the_rows_shows_its_error_and_no_row(town, ended, official, query):
    page = text_of(official, f"/city/figures/requests/?{query}", status=400)
    assert "Canary ventilator" not in page


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("last=9999-12-31", "The period ends in the future."),
        ("first=9999-12-31", "The period begins in the future."),
        ("first=0001-01-01", "There are no figures from before the year 2000."),
        ("last=0001-01-01", "There are no figures from before the year 2000."),
        ("first=2026-03-10&last=2026-03-01", "The period ends before it begins."),
    ],
)
def test_days_that_cannot_be_are_refused_by_every_list(town, ended, official, query, why):
    for at in ("/city/figures/requests/", "/city/demand/"):
        assert why in text_of(official, f"{at}?{query}", status=400)
    official.force_login(make.user(at=town[0], role=Role.VIEWER))
    for at in ("/at/renhe/figures/requests/", "/at/renhe/demand/"):
        assert why in text_of(official, f"{at}?{query}", status=400)


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("period=9999", "9999 is not one of the available choices"),
        ("period=own", "Give both days."),
        ("period=30&compare=moon", "moon is not one of the available choices"),
    ],
)
def test_a_period_of_the_figures_that_is_none_is_told_with_the_rows(ended, official, query, why):
    page = text_of(official, f"/city/figures/requests/?{query}", status=400)
    assert why in page
    assert "Canary ventilator" not in page


def test_the_little_lines_are_told_as_a_table(town, official):
    numbers(town[0], category_code="offered", offered=200 * HOUR, booked=50 * HOUR)
    context = official.get(f"/city/figures/?{DAYS}").context
    table = context["history"]
    assert table.columns[1:] == tuple(str(row["name"]) for row in context["headlines"])
    assert len(table.rows) == 7
    assert [row.cells[0] for row in table.rows][-2:] == ["–", "25.0 %"]


def test_the_pages_ask_the_database_equally_often_for_a_day_and_for_many(town, official):
    def statements(address):
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert official.get(address).status_code == 200
        return len(found)

    addresses = [f"/city/figures/?{DAYS}", f"/city/figures/{town[0].pk}/?{DAYS}"]
    both(town[0], town[1], used=HOUR)
    both(town[0], town[1], day=DAY - timedelta(days=6), kind="staff", used=HOUR)
    for address in addresses:
        statements(address)  # what a process remembers
    first = [statements(address) for address in addresses]
    for place, house in enumerate(town):
        for days in range(6):
            both(house, town[place - 1], day=DAY - timedelta(days=days), kind="staff", used=HOUR)
    assert [statements(address) for address in addresses] == first
