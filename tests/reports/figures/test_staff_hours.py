"""Staff hours: what rests on fewer than five people is not shown, whatever is added up."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from medshare_portal.roles import Role
from reports.actions import people_days, usage
from reports.periods import Period
from reports.queries.all_figures import all_figures
from resources.models import Category
from tests import make
from tests.reports.figures.numbers import DAY, HOUR, both, counted

pytestmark = [pytest.mark.django_db, pytest.mark.once]
DAYS = f"first={DAY - timedelta(days=6)}&last={DAY}"
START = datetime(2026, 3, 9, 1, tzinfo=UTC)


@pytest.fixture
def town():
    houses = [make.institution(name.lower(), name_en=name) for name in ("Renhe", "Xihu", "Meilin")]
    counted(*houses)
    return houses


@pytest.fixture
def official(client):
    client.force_login(make.user(role=Role.CITY_OFFICIAL))
    return client


def lent(owner, borrower, people, hours=8, start=START, **columns):
    """So many people of an institution worked a shift at another."""
    profession = Category.objects.filter(slug="staff-x").first()
    profession = profession or make.category("staff-x", kind="staff")
    for _number in range(people):
        person = make.person(owner, category=profession)
        make.sharing_request(
            person, borrower, state="closed", now=start, starts_at=start,
            ends_at=start + timedelta(hours=hours),
            actual_starts_at=start, actual_ends_at=start + timedelta(hours=hours),
        )  # fmt: skip
    usage.record_missing(now=timezone.now())
    people_days.replace(start.date(), start.date())
    columns |= {"confirmed": people * hours * HOUR, "ended": people, "filled": people}
    both(owner, borrower, kind="staff", **columns)


def rows_of(response):
    return {row["name"]: row for row in response.context["houses"]}


def test_of_five_people_the_hours_are_shown_and_of_four_they_are_not(town, official):
    lent(town[0], town[1], 6)
    lent(town[1], town[2], 4)
    rows = rows_of(official.get(f"/city/figures/staff/?{DAYS}"))
    # Of one hidden alone the total would give it back, so the next smallest goes too.
    assert {name: row["lent"] for name, row in rows.items()} == {
        "Renhe": "<5", "Xihu": "<5", "Meilin": "0",
    }  # fmt: skip


def test_many_people_are_shown(town, official):
    lent(town[0], town[1], 6)
    lent(town[1], town[2], 5)
    response = official.get(f"/city/figures/staff/?{DAYS}")
    rows = rows_of(response)
    assert (rows["Renhe"]["lent"], rows["Renhe"]["lenders"]) == ("48", "6")
    assert rows["Xihu"]["borrowed"] == "48"
    cards = {row["name"]: row for row in response.context["cards"]}
    assert (cards["Hours lent"]["value"], cards["Hours lent"]["parts"]) == ("88 h", "11 people")
    assert cards["Requested shifts covered"]["value"] == "100.0 %"
    assert response.context["trend"].lines[0].path


def test_exceptions_are_the_same_number_here_and_in_the_list_of_all_figures(town, official):
    lent(town[0], town[1], 8, excepted=2)
    shown = official.get(f"/city/figures/staff/?{DAYS}").context["cards"]
    cards = {row["code"]: row for row in shown}
    listed = all_figures(None, Period(DAY - timedelta(days=6), DAY), None, now=timezone.now())
    (found,) = (one for one in listed if one.entry.code == "overrides")
    assert cards["overrides"]["value"] == "25.0 %"
    assert found.value == 0.25


def test_officials_read_no_total_of_four_and_no_curve(town, official):
    lent(town[0], town[1], 4)
    response = official.get(f"/city/figures/staff/?{DAYS}")
    cards = {row["name"]: row for row in response.context["cards"]}
    assert cards["Hours lent"]["value"] == cards["Hours borrowed"]["value"] == "n/a"
    assert response.context["trend"] is None
    assert "32" not in {row["lent"] for row in response.context["houses"]}


def test_an_institution_sees_its_own_people_but_not_few_guests(town, client):
    lent(town[0], town[1], 2)
    lent(town[1], town[0], 3)
    client.force_login(make.user(at=town[0], role=Role.VIEWER))
    response = client.get(f"/at/renhe/figures/staff/?{DAYS}")
    (row,) = response.context["professions"]
    assert (row["lent"], row["lenders"]) == ("16", "2")
    assert (row["borrowed"], row["guests"]) == ("<5", "<5")
    assert "houses" not in response.context_data  # the side bar has a list of that name
    assert client.get("/at/xihu/figures/staff/").status_code == 404


def test_hours_count_once_both_sides_have_confirmed_them_as_in_the_list(town, official):
    both(town[0], town[1], kind="staff", used=8 * HOUR, day=DAY - timedelta(days=1))
    response = official.get(f"/city/figures/staff/?{DAYS}")
    assert rows_of(response)["Renhe"]["lent"] == "0"
    lent(town[0], town[1], 6, used=6 * 9 * HOUR)
    cards = {
        row["name"]: row for row in official.get(f"/city/figures/staff/?{DAYS}").context["cards"]
    }
    listed = all_figures(None, Period(DAY - timedelta(days=6), DAY), None, now=timezone.now())
    (found,) = (one for one in listed if one.code == "staff_hours")
    assert (cards["Hours lent"]["value"], found.value) == ("48 h", 48)


def test_hours_that_no_fact_explains_are_not_shown(town, official):
    both(town[0], town[1], kind="staff", confirmed=8 * HOUR)
    response = official.get(f"/city/figures/staff/?{DAYS}")
    assert rows_of(response)["Renhe"]["lent"] == "<5"
    cards = {row["name"]: row for row in response.context["cards"]}
    assert cards["Hours lent"]["value"] == "n/a"


def test_without_shifts_nothing_is_divided(town, official):
    cards = {row["code"]: row for row in official.get("/city/figures/staff/").context["cards"]}
    values = {code: cards[code]["value"] for code in ("shift_fill", "overrides", "credentials")}
    assert values == dict.fromkeys(values, "n/a")


def test_no_person_is_named(town, official):
    person = make.person(town[0], person_name="Canary Chen")
    make.credential(person)
    assert "Canary" not in official.get("/city/figures/staff/").content.decode()


def test_what_few_asked_for_and_got_is_not_shown_beside_their_hours(town, official):
    lent(town[0], town[1], 6)
    lent(town[0], town[2], 3, day=DAY - timedelta(days=1))
    response = official.get(f"/city/figures/staff/?{DAYS}")
    told = {
        name: [row[cell] for cell in ("borrowed", "guests", "asked", "filled", "fill")]
        for name, row in rows_of(response).items()
    }
    # Xihu's would give those of Meilin back.
    assert told == {
        "Renhe": ["0", "0", "0", "0", "n/a"], "Xihu": ["<5"] * 5, "Meilin": ["<5"] * 5,
    }  # fmt: skip


def test_a_difference_to_hours_of_few_people_is_not_shown(town, official):
    week = timedelta(days=7)
    lent(town[0], town[1], 6)
    lent(town[0], town[1], 2, start=START - week, day=DAY - week)
    cards = {
        row["name"]: row for row in official.get(f"/city/figures/staff/?{DAYS}").context["cards"]
    }
    assert cards["Hours lent"]["value"] == "48 h"
    assert [cards[name]["change"] for name in ("Hours lent", "Hours borrowed")] == [None, None]


def test_a_district_that_gives_another_one_back_is_not_shown(town, official):
    for house, district in zip(town, ("Centre", "East", "West"), strict=True):
        house.district_en = district
        house.save()
    lent(town[0], town[1], 3)
    lent(town[1], town[0], 5)
    lent(town[2], town[1], 6, day=DAY - timedelta(days=1))
    told = {}
    for district in ("Centre", "East", "West"):
        page = official.get(f"/city/figures/staff/?{DAYS}&district={district}")
        told[district] = page.context["cards"][0]["value"]
    assert told == {"Centre": "n/a", "East": "n/a", "West": "48 h"}
