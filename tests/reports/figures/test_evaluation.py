"""The evaluation report: every figure with what it is made of, and the same numbers as a file."""

import csv
import io
from datetime import timedelta

import pytest

from medshare_portal.models import AuditEvent
from medshare_portal.roles import Role
from reports.kpis.catalogue import KPIS
from reports.views.scorecard import GROUPS
from tests import make
from tests.make.answers import closed
from tests.reports.figures.numbers import DAY, HOUR, both, counted, numbers
from tests.reports.test_figures_form import WRONG

pytestmark = [pytest.mark.django_db, pytest.mark.once]
DAYS = f"first={DAY - timedelta(days=6)}&last={DAY}"
NAMES = ("Renhe", "Xihu", "Meilin", "Yulin", "Beihe")


@pytest.fixture
def town():
    houses = [make.institution(name.lower(), name_en=name) for name in NAMES]
    counted(*houses)
    for place, house in enumerate(houses):
        offered = {"offered": 100 * HOUR, "booked": (10 + place) * HOUR}
        numbers(house, category_code="offered", **offered)
        numbers(house, kind="staff", offered=50 * HOUR)
    both(houses[0], houses[1], used=30 * HOUR, ended=4, filled=3, answered=4, answered_in_time=4)
    both(houses[0], houses[1], day=DAY - timedelta(days=7), answered=4, answered_in_time=2)
    return houses


def reader(client, role, at=None):
    client.force_login(make.user(at=at, role=role))
    return client


def lines_of(client, address):
    answer = client.post(address, {"format": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    closed(answer)
    return list(csv.DictReader(io.StringIO(text)))


def test_each_figure_of_an_institution_stands_with_definition_parts_and_what_is_left_out(
    town, client
):
    page = reader(client, Role.VIEWER, town[0]).get(f"/at/renhe/figures/report/?{DAYS}")
    rows = {row["code"]: row for row in page.context["lines"]}
    assert list(rows) == [code for group in GROUPS.values() for code in group]
    assert (rows["scheduled"]["value"], rows["scheduled"]["median"]) == ("10.0 %", "12.0 %")
    assert (rows["in_time"]["value"], rows["in_time"]["before"]) == ("100.0 %", "50.0 %")
    text = page.content.decode()
    for code in rows:
        assert str(KPIS[code].numerator) in text
        assert str(KPIS[code].exclusions or "") in text
    assert [name for name in NAMES if name in text] == ["Renhe"]
    assert "report/export/" not in text  # a viewer takes nothing along
    assert f"RENHE-{DAY - timedelta(days=6):%Y%m%d}-{DAY:%Y%m%d}" in text


def test_the_file_of_an_institution_holds_the_same_numbers_and_is_audited(town, client):
    coordinator = reader(client, Role.COORDINATOR, town[0])
    rows = lines_of(coordinator, f"/at/renhe/figures/report/export/?{DAYS}")
    assert {row["of"] for row in rows} == {"renhe"}
    row = next(row for row in rows if row["figure"] == "scheduled")
    assert (row["value"], row["numerator"], row["denominator"]) == ("0.1", "10.0", "100.0")
    assert (row["rank"], row["of_how_many"], row["last_day"]) == ("5", "5", DAY.isoformat())
    assert AuditEvent.unscoped.filter(action="figures.exported", chain="renhe").count() == 1


def test_the_city_reads_and_takes_along_all_institutions_and_kinds(town, client):
    official = reader(client, Role.CITY_OFFICIAL)
    page = official.get(f"/city/figures/report/?{DAYS}")
    assert [house["institution"].name_en for house in page.context["houses"]] == sorted(NAMES)
    rows = lines_of(official, f"/city/figures/report/export/?{DAYS}")
    assert {row["of"] for row in rows} == {"city", *(name.lower() for name in NAMES)}
    assert {row["kind"] for row in rows} == {"", "equipment", "staff"}
    of_one = lines_of(official, f"/city/figures/{town[1].pk}/report/export/?{DAYS}")
    assert {row["of"] for row in of_one} == {"xihu"}


@pytest.mark.parametrize("query", [query for query, _field, _message in WRONG])
def test_an_impossible_period_is_said_beside_its_field_and_is_no_file(town, client, query):
    official = reader(client, Role.CITY_OFFICIAL)
    page = official.get(f"/city/figures/report/?{query}")
    assert page.status_code == 400
    assert 'class="error-summary"' in page.content.decode()
    answer = official.post(f"/city/figures/report/export/?{query}", {"format": "xlsx"})
    assert answer.status_code == 400


@pytest.mark.parametrize(("language", "name"), [("en", "Scheduled"), ("zh-hans", "排定利用率")])
def test_the_file_speaks_the_readers_language_to_its_end(town, client, language, name):
    official = make.user(role=Role.CITY_OFFICIAL, language=language)
    client.force_login(official)
    rows = lines_of(client, f"/city/figures/report/export/?{DAYS}")
    assert rows[0]["figure_name"].startswith(name)
