"""The equity page: indices against a hand-made city, its charts, the price of fairness."""

from datetime import UTC, datetime, timedelta

import pytest

from medshare_portal.roles import Role
from reports.actions import usage
from reports.periods import Period
from reports.queries.all_figures import all_figures
from reports.queries.equity_figures import hours_received, hours_shown, shares_of
from scheduling.models import MatchingRun
from tests import make
from tests.reports.figures.numbers import DAY, HOUR, both, counted
from tests.reports.test_figures_form import WRONG

pytestmark = [pytest.mark.django_db, pytest.mark.once]
DAYS = f"first={DAY - timedelta(days=6)}&last={DAY}"
NAMES = ("Renhe", "Xihu", "Meilin", "Yulin", "Beihe")
NOW = datetime(2026, 3, 11, 4, tzinfo=UTC)
HOURS = (120, 80, 40, 40, 20)  # Gini 0.32, Theil T 0.1726, Jain 0.7377


@pytest.fixture
def town():
    houses = [
        make.institution(
            name.lower(), name_en=name, service_population=10_000, beds=100 * (place + 1),
            district_en="East" if place % 2 else "West", district_zh="东" if place % 2 else "西",
        )
        for place, name in enumerate(NAMES)
    ]  # fmt: skip
    counted(*houses)
    return houses


@pytest.fixture
def official(client):
    client.force_login(make.user(role=Role.CITY_OFFICIAL))
    return client


def shared(town, hours=HOURS, day=DAY):
    """Each receives its hours from the next."""
    for place, number in enumerate(hours):
        both(town[(place + 1) % 5], town[place], day=day, used=number * HOUR)


def test_the_indices_are_those_of_the_check_values(town, official):
    shared(town)
    context = official.get(f"/city/figures/equity/?{DAYS}").context
    found = {(row["code"], row["part"]): row["value"] for row in context["indices"]}
    assert found["gini", ""] == "0.320"
    assert found["theil", ""] == "0.173"
    assert found["jain", ""] == "0.738"
    between, within = (float(found["theil", f"{of} districts"]) for of in ("between", "within"))
    assert between + within == pytest.approx(0.1726, abs=0.001)
    # The fewest beds for as many residents received most: below 0.
    assert float(found["concentration", ""].replace("−", "-")) < 0


def test_the_rows_behind_and_the_charts_say_the_same(town, official):
    shared(town)
    response = official.get(f"/city/figures/equity/?{DAYS}")
    rows = response.context["received"]
    assert [(row["name"], row["hours"], row["x"]) for row in rows] == [
        ("Beihe", "20", "2.0"), ("Meilin", "40", "4.0"), ("Yulin", "40", "4.0"),
        ("Xihu", "80", "8.0"), ("Renhe", "120", "12.0"),
    ]  # fmt: skip
    sides = response.context["sides"]
    assert [row.cells for row in sides.table.rows if row.head == "Xihu"] == [("120 h", "80 h")]
    assert {part.width for stack in sides.rows for part in stack.parts} > {"60.00%"}
    trend = response.context["trend"]
    assert trend.lines[0].path.startswith("M")
    assert [row.cells for row in trend.table.rows][-1] == ("0.32",)
    assert response.context["lorenz"].curve


def test_who_lent_to_whom_leads_to_the_loans(town, official):
    renhe, xihu, meilin, *_rest = town
    now = datetime(DAY.year, DAY.month, DAY.day, 4, tzinfo=UTC)
    for owner, borrower, state in (
        (renhe, xihu, "closed"), (renhe, xihu, "closed"), (xihu, renhe, "closed"),
        (meilin, renhe, "declined"),
    ):  # fmt: skip
        make.sharing_request(make.equipment(owner), borrower, state=state, now=now, ended_at=now)
    usage.record_missing(now=now)
    flows = official.get(f"/city/figures/equity/?{DAYS}").context["flows"]
    assert [(row.head, *row.cells) for row in flows.table.rows] == [
        ("Renhe", "Xihu", "2"), ("Xihu", "Renhe", "1"),
    ]  # fmt: skip
    behind = official.get(flows.table.rows[0].url).context["table"].page.object_list.data
    assert {(row.owner, row.borrower) for row in behind} == {("Renhe", "Xihu")}


def test_without_hours_everything_is_not_applicable(town, official):
    response = official.get(f"/city/figures/equity/?{DAYS}")
    assert {row["value"] for row in response.context["indices"]} == {"n/a"}
    assert "No hours were received in this period" in response.content.decode()


def test_where_need_is_the_same_everywhere_there_is_no_concentration(town, official):
    for house in town:
        house.beds = 100
        house.save()
    shared(town)
    context = official.get(f"/city/figures/equity/?{DAYS}").context
    found = {row["code"]: row["value"] for row in context["cards"]}
    assert found["concentration"] == "n/a"
    assert found["jain"] == "0.738"


def a_round(number, compare, **changes):
    now = datetime(2026, 3, 10, 4, tzinfo=UTC)
    return MatchingRun.unscoped.create(
        number=number, scope="city", kinds=["equipment"], starts_at=now,
        ends_at=now + timedelta(days=2), state="proposed", created_at=now, started_at=now,
        created_by=make.user(role=Role.CITY_OFFICIAL), finished_at=now + timedelta(hours=number),
        results={"compare": compare}, **changes,
    )  # fmt: skip


def test_the_last_rounds_say_what_fairness_cost(town, official):
    way = {"served": {"1": 4, "2": 5, "3": 0}, "lowest": 60, "waste": 0, "kilometres": 0}
    without = way | {"served": {"1": 4, "2": 6, "3": 0}, "lowest": 20}
    a_round(1, {"plan": way})
    a_round(2, {"plan": way, "without_fairness": without})
    response = official.get(f"/city/figures/equity/?{DAYS}")
    (row,) = response.context["rounds"]
    assert row["headline"] == "Fairness costs 1 need, 10.0 %"
    assert row["rows"] == [("This round", "9", "60 %"), ("Without fairness", "10", "20 %")]
    assert f'href="{row["url"]}"' in response.content.decode()


@pytest.mark.parametrize("query", [query for query, field, _m in WRONG if field != "kind"])
def test_a_wrong_address_is_answered_with_what_is_wrong(town, official, query):
    response = official.get(f"/city/figures/equity/?{query}")
    assert response.status_code == 400
    assert 'class="error-summary"' in response.content.decode()


def test_a_district_is_its_institutions_and_a_level_its_rows(town, official):
    shared(town)
    page = official.get(f"/city/figures/?{DAYS}&district=East")
    assert [row["name"] for row in page.context["levels"]["rows"]] == ["Xihu", "Yulin"]
    kind = page.context["kinds"][0]
    assert kind["hours"] == "120"  # what Xihu and Yulin received
    rows = official.get(f"/city/figures/?{DAYS}&level=district").context["levels"]["rows"]
    assert [(row["name"], row["given"], row["received"]) for row in rows] == [
        ("West", "140", "180"), ("East", "160", "120"),
    ]  # fmt: skip
    (row,) = official.get(f"/city/figures/?{DAYS}&level=category").context["levels"]["rows"]
    assert (row["name"], row["given"]) == ("equipment-x", "300")


@pytest.mark.parametrize("query", ["district=Nowhere", "district=%00", "level=moon"])
def test_a_district_or_level_that_is_none_is_said_so(town, official, query):
    response = official.get(f"/city/figures/?{query}")
    assert response.status_code == 400
    assert 'class="error-summary"' in response.content.decode()


def test_the_rows_behind_know_the_district(town, official):
    assert official.get("/city/figures/requests/?district=East").status_code == 200
    assert official.get("/city/figures/requests/?district=Nowhere").status_code == 400


def test_the_list_of_all_figures_says_the_same_and_tells_of_no_few_people(town):
    both(town[0], town[1], used=10 * HOUR)
    both(town[0], town[1], kind="staff", used=40 * HOUR)  # of nobody that is known: of too few
    both(town[1], town[0], used=10 * HOUR)
    days = Period(DAY - timedelta(days=6), DAY)
    shown = shares_of(town, hours_shown(hours_received(days), days)).gini().value
    values = {
        reader: one.value
        for reader in (True, False)
        for one in all_figures(None, days, now=NOW, official=reader)
        if one.code == "gini_weighted"
    }
    assert values[True] == shown != values[False]
