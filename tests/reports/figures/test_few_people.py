"""Figures of people alone that rest on fewer than five: in no file, page or mail of the city's."""

import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from medshare_portal.roles import Role
from reports.mailed_figures import lines_of
from reports.models import SavedReport
from tests import make
from tests.reports.figures.numbers import DAY, HOUR, both, counted
from tests.reports.figures.test_files import rows_of, taken
from tests.reports.figures.test_staff_hours import START, lent

pytestmark = [pytest.mark.django_db, pytest.mark.once]
DAYS = f"kind=staff&first={DAY - timedelta(days=6)}&last={DAY}"
NAMES = ("Renhe", "Xihu", "Meilin", "Yulin", "Beihe")
LENT = {"Renhe": 6, "Xihu": 5, "Meilin": 2, "Yulin": 3}
A_DAY = timedelta(days=1)
ANSWERS = {"answered": 99, "answered_in_time": 44}


@pytest.fixture
def houses():
    made = {name: make.institution(name.lower(), name_en=name) for name in NAMES}
    counted(*made.values())
    return made


@pytest.fixture
def lending(houses):
    """Two hospitals with enough people, two with so few that one is as good as named."""
    for place, (name, people) in enumerate(LENT.items()):
        lent(houses[name], houses["Beihe"], people, day=DAY - place * A_DAY, **ANSWERS)
    return houses


def lines(client, address, file_format):
    """Of an evaluation, as a table of either format."""
    content = taken(client, f"{address}?{DAYS}", file_format)
    if file_format == "csv":
        return rows_of(content)
    head, *rows = load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
    return [dict(zip(head, (cell or "" for cell in row), strict=True)) for row in rows]


def said(rows):
    """The shares that have a value."""
    return [row["figure"] for row in rows if row["unit"] == "share" and row["value"] != ""]


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_no_file_of_the_citys_tells_figures_of_fewer_than_five(lending, client, file_format):
    client.force_login(make.user(role=Role.CITY_OFFICIAL))
    rows = lines(client, "/city/figures/report/export/", file_format)
    assert {row["of"] for row in rows} == {"city", "renhe", "xihu", "beihe"}
    of_few = f"/city/figures/{lending['Meilin'].pk}/report/export/"
    assert said(lines(client, of_few, file_format)) == []
    of_many = f"/city/figures/{lending['Renhe'].pk}/report/export/"
    assert "in_time" in said(lines(client, of_many, file_format))


def test_of_fewer_than_five_in_all_the_city_reads_no_total(houses, client):
    lent(houses["Renhe"], houses["Beihe"], 4, **ANSWERS)
    client.force_login(make.user(role=Role.CITY_OFFICIAL))
    assert said(lines(client, "/city/figures/report/export/", "csv")) == []
    every = f"/city/figures/report/export/?{DAYS.replace('kind=staff', 'kind=')}"
    assert "staff" not in {row["kind"] for row in rows_of(taken(client, every))}
    assert "32" not in str(client.get(f"/city/figures/?{DAYS}").context["headlines"])


def test_pages_and_mails_of_officials_leave_it_out_and_say_so(lending, client):
    official = make.user(role=Role.CITY_OFFICIAL)
    client.force_login(official)
    page = client.get(f"/city/figures/?{DAYS}&level=institution")
    assert {row["name"] for row in page.context["levels"]["rows"]} == {"Renhe", "Xihu", "Beihe"}
    assert "fewer than five of them are left out" in page.content.decode()
    card = client.get(f"/city/figures/{lending['Meilin'].pk}/?{DAYS}")
    assert "fewer than five of them are left out" in card.content.decode()
    assert "44.4 %" not in card.content.decode()
    report = SavedReport.unscoped.create(
        institution=None, user=official, name="Few", page="city:scorecard", query=DAYS,
        about=lending["Meilin"].pk, created_at=START,
    )  # fmt: skip
    told = lines_of(report, official.pk)
    assert len(told) > 2
    assert not any("44.4" in line for line in told)


def given(client, address):
    """Hours given, of all kinds and of devices alone."""
    of_all = client.get(f"{address}?{DAYS.replace('kind=staff', 'kind=')}")
    devices = client.get(f"{address}?{DAYS.replace('kind=staff', 'kind=equipment')}")
    return of_all.context["found"], devices.context["found"]


@pytest.fixture
def with_devices(lending):
    """Beside its people each institution lends a device for ten hours."""
    for name, people in LENT.items():
        for kind, hours in (("equipment", 10), ("staff", people * 8)):
            both(
                lending[name], lending["Beihe"], kind=kind, used=hours * HOUR,
                category_code=f"{kind}-of-{name}",
            )  # fmt: skip
    return lending


def test_a_sum_over_kinds_gives_no_hours_of_few_people_back(with_devices, client):
    client.force_login(make.user(role=Role.CITY_OFFICIAL))
    of_all, devices = given(client, "/city/figures/")
    people = {
        house.institution.name_en: house.given.hours.used - other.given.hours.used
        for house, other in zip(of_all.houses, devices.houses, strict=True)
    }
    assert people == {"Beihe": 0, "Meilin": 0, "Renhe": 48, "Xihu": 40, "Yulin": 0}
    for name, hours in people.items():
        address = f"/city/figures/{with_devices[name].pk}/"
        of_all, devices = given(client, address)
        moved = [found.now["received_share"].denominator or 0 for found in (of_all, devices)]
        assert moved[0] - moved[1] == (hours if name != "Beihe" else 128), name
        assert ("staff" in of_all.by_kind) is (hours > 0 or name == "Beihe"), name
    card = client.get(f"/city/figures/{with_devices['Meilin'].pk}/?{DAYS[11:]}").content.decode()
    assert "fewer than five of them are left out" in card
    every = f"/city/figures/{with_devices['Meilin'].pk}/all/?{DAYS[11:]}"
    rows = [row for _f, rows in client.get(every).context["families"] for row in rows]
    assert [row["denominator"] for row in rows if row["code"] == "received_share"] == ["10"]


def test_the_home_page_and_equity_take_the_same_hours_out(with_devices, client):
    client.force_login(make.user(role=Role.CITY_OFFICIAL))
    rows = {row["name"]: row["cells"] for row in client.get("/city/").context["rows"]}
    lent_hours = {
        name: number for name, cells in rows.items()
        for head, number, _url, _bad in cells if head == "Hours lent"
    }  # fmt: skip
    assert lent_hours == {"Renhe": 58, "Xihu": 50, "Meilin": 10, "Yulin": 10, "Beihe": 0}
    sides = client.get(f"/city/figures/equity/?{DAYS[11:]}").context["sides"]
    told = {row.head: row.cells[0] for row in sides.table.rows}
    assert (told["Meilin"], told["Renhe"]) == ("10 h", "58 h")


def test_an_institution_reads_its_own_people_in_full(lending, client):
    client.force_login(make.user(at=lending["Meilin"], role=Role.HEAD))
    assert "in_time" in said(lines(client, "/at/meilin/figures/report/export/", "csv"))
    assert "44.4 %" in client.get(f"/at/meilin/figures/?{DAYS}").content.decode()


def listed(client, address):
    page = client.get(f"{address}?{DAYS}")
    rows = [row for _family, rows in page.context["families"] for row in rows]
    return {row["code"]: row for row in rows if not row["as_now"]}


def test_all_figures_of_one_institution_tell_no_more_of_few_than_its_scorecard(lending, client):
    client.force_login(make.user(role=Role.CITY_OFFICIAL))
    few = listed(client, f"/city/figures/{lending['Meilin'].pk}/all/")
    assert {row["withheld"] for row in few.values()} == {True}
    many = listed(client, f"/city/figures/{lending['Renhe'].pk}/all/")
    assert (many["staff_hours"]["value"], many["fulfilment"]["withheld"]) == ("48 h", False)
    days = DAYS.replace("kind=staff&", "")
    page = client.get(f"/city/figures/{lending['Meilin'].pk}/all/?{days}&compare=before")
    rows = [row for _family, rows in page.context["families"] for row in rows]
    assert "–" not in {row["before"] for row in rows if row["code"] == "fulfilment"}
    client.force_login(make.user(at=lending["Meilin"], role=Role.VIEWER))
    own = listed(client, "/at/meilin/figures/all/")
    assert (own["staff_hours"]["value"], own["staff_hours"]["withheld"]) == ("16 h", False)


def test_what_is_withheld_is_not_told_as_nothing(houses, client):
    lent(houses["Renhe"], houses["Beihe"], 4, used=32 * HOUR)
    client.force_login(make.user(role=Role.CITY_OFFICIAL))
    page = client.get(f"/city/figures/?{DAYS}")
    assert {row["parts"] for row in page.context["headlines"]} == {""}
    text = page.content.decode()
    assert "Fewer than five people stand behind these figures" in text
    assert not any(words in text for words in ("0 h used", "0 ÷ 0", "Nothing was asked for"))


def test_a_district_is_the_sum_of_all_its_houses_or_says_that_it_is_few(lending, client):
    for name, district in zip(NAMES, ("Centre", "West", "Centre", "West", "East"), strict=True):
        lending[name].district_en = district
        lending[name].save()
    for name, people in LENT.items():
        both(
            lending[name],
            lending["Beihe"],
            kind="staff",
            used=people * 8 * HOUR,
            category_code=name,
        )
    client.force_login(make.user(role=Role.CITY_OFFICIAL))
    page = client.get(f"/city/figures/?{DAYS}&level=district")
    given = {row["name"]: row["given"] for row in page.context["levels"]["rows"]}
    assert given == {"Centre": "64", "West": "64", "East": "0"}
