"""Figures of people alone that rest on fewer than five: in no file, page or mail of the city's."""

import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from medshare_portal.roles import Role
from reports.mailed_figures import lines_of
from reports.models import SavedReport
from tests import make
from tests.reports.figures.numbers import DAY, HOUR, counted
from tests.reports.figures.test_files import rows_of, taken
from tests.reports.figures.test_staff_hours import START, lent

pytestmark = [pytest.mark.django_db, pytest.mark.once]
DAYS = f"kind=staff&first={DAY - timedelta(days=6)}&last={DAY}"
NAMES = ("Renhe", "Xihu", "Meilin", "Yulin", "Beihe")
LENT = {"Renhe": 6, "Xihu": 5, "Meilin": 2, "Yulin": 3}
A_DAY = timedelta(days=1)
HOURS = {"offered": 99 * HOUR, "booked": 44 * HOUR}


@pytest.fixture
def houses():
    made = {name: make.institution(name.lower(), name_en=name) for name in NAMES}
    counted(*made.values())
    return made


@pytest.fixture
def lending(houses):
    """Two hospitals with enough people, two with so few that one is as good as named."""
    for place, (name, people) in enumerate(LENT.items()):
        lent(houses[name], houses["Beihe"], people, day=DAY - place * A_DAY, **HOURS)
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
    assert "scheduled" in said(lines(client, of_many, file_format))


def test_of_fewer_than_five_in_all_the_city_reads_no_total(houses, client):
    lent(houses["Renhe"], houses["Beihe"], 4, **HOURS)
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
    assert len(told) > 3
    assert not any("44.4" in line for line in told)


def test_an_institution_reads_its_own_people_in_full(lending, client):
    client.force_login(make.user(at=lending["Meilin"], role=Role.HEAD))
    assert "scheduled" in said(lines(client, "/at/meilin/figures/report/export/", "csv"))
    assert "44.4 %" in client.get(f"/at/meilin/figures/?{DAYS}").content.decode()
