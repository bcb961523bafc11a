"""The equipment register: the week, what stands idle, what is asked before buying; who reads what."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from medshare_portal.roles import Role
from reports.periods import Period
from reports.queries import before_buying
from reports.queries.register import month_of, register
from resources.models import Resource
from scheduling.models import SharingRequest
from tests import make
from tests.reports.figures.numbers import counted
from tests.reports.test_figures_form import WRONG

pytestmark = [pytest.mark.django_db, pytest.mark.once]
NOW = datetime(2026, 3, 11, 4, tzinfo=UTC)  # noon of a Wednesday in Shanghai
MONDAY = datetime(2026, 3, 9, tzinfo=UTC) - timedelta(hours=8)  # midnight there
WEEK = Period((MONDAY + timedelta(hours=8)).date(), NOW.date())
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DAYS = f"first={WEEK.first}&last={WEEK.last - DAY}"


@pytest.fixture
def town(settings):
    houses = [make.institution(name.lower(), name_en=name) for name in ("Renhe", "Xihu", "Meilin")]
    counted(*houses)
    return houses


@pytest.fixture
def device(town):
    """Offered all Monday, booked there from 08:00 to 10:30."""
    made = make.equipment(town[0], name_en="Canary ventilator")
    make.offer(made, now=NOW, intervals=[(MONDAY, MONDAY + DAY)])
    booked(made, town[1], MONDAY + 8 * HOUR, MONDAY + 10.5 * HOUR)
    return made


def booked(device, borrower, starts_at, ends_at):
    return make.sharing_request(
        device, borrower, state="approved", now=starts_at - DAY, starts_at=starts_at,
        ends_at=ends_at,
    )  # fmt: skip


def of(house):
    return Resource.objects.owned_by(house).filter(kind="equipment")


def test_the_week_is_booked_of_offered_on_the_clock_of_the_place(town, device):
    monday, tuesday, *_rest = register(of(town[0]), WEEK, now=NOW).shares
    assert monday[7:12] == [0.0, 1.0, 1.0, 0.5, 0.0]
    assert tuesday == [None] * 24  # nothing offered: no share, not nought


def test_a_device_has_its_hours_and_what_is_idle_of_them(town, device):
    (row,) = register(of(town[0]), WEEK, now=NOW).devices
    assert (row.offered, row.booked) == (24 * 3600, 2.5 * 3600)
    request = SharingRequest.unscoped.get(resource=device)
    kept = request.blocked_until - request.blocked_from  # with the buffers
    assert row.idle == (DAY - kept).total_seconds()


def test_of_a_longer_period_the_last_month_is_read():
    year = Period(WEEK.first - timedelta(days=400), WEEK.last)
    assert (month_of(year).days, month_of(year).last) == (31, WEEK.last)


def test_a_device_stands_idle_from_the_thirtieth_day_on(town):
    by = make.user(at=town[0], role="biomedical_engineer")
    for days in (29, 30, 31):
        row = make.equipment(town[0], name_en=f"Used {days} days ago")
        make.block(row, NOW - timedelta(days=days, hours=2), NOW - timedelta(days=days), by=by)
    make.equipment(town[0], name_en="Never used")
    found = register(of(town[0]), WEEK, now=NOW).devices
    idle = {row.resource.name_en: row.idle_days(NOW) for row in found if row.stands_idle(NOW)}
    assert idle == {"Used 30 days ago": 30, "Used 31 days ago": 31, "Never used": None}


def test_the_page_draws_the_week_and_lists_what_is_idle(town, device, client):
    client.force_login(make.user(at=town[0], role=Role.VIEWER))
    response = client.get(f"/at/renhe/figures/equipment/?{DAYS}")
    assert response.status_code == 200
    heat = response.context["heat"]
    assert len(heat.cells) == 7 * 24
    assert {cell.css for cell in heat.cells} == {"heat-none", "heat-0", "heat-3", "heat-5"}
    (row,) = response.context["rows"]
    assert (row["offered"], row["booked"], row["use"]) == ("24", "2", "10.4 %")


def test_nobody_reads_the_register_of_another(town, device, client):
    client.force_login(make.user(at=town[1], role=Role.VIEWER))
    assert client.get("/at/renhe/figures/equipment/").status_code == 404
    assert "Canary ventilator" not in client.get("/at/xihu/figures/equipment/").content.decode()
    assert client.get("/city/figures/equipment/").status_code in (403, 404)


def test_before_buying_only_what_may_be_seen_counts(town, client):
    now = datetime.now(UTC)
    for house, hidden in ((town[1], False), (town[2], True)):
        made = make.equipment(house, visibility="named" if hidden else "all")
        make.offer(made, now=now, intervals=[(now + HOUR, now + 11 * HOUR)])
    client.force_login(make.user(at=town[0], role=Role.VIEWER))
    page = client.get("/at/renhe/figures/equipment/?buy=ventil")
    (row,) = page.context["buy"]["rows"]
    assert (row["name"], row["devices"], row["free"]) == ("Xihu", "1", "10")
    assert "Meilin" not in page.content.decode()
    client.force_login(make.user(role=Role.CITY_OFFICIAL))
    rows = client.get("/city/figures/equipment/?buy=ventil").context["buy"]["rows"]
    assert {row["name"] for row in rows} == {"Xihu", "Meilin"}
    page = client.get("/city/figures/equipment/?buy=%25zebra").content.decode()
    assert "No class of equipment is called so" in page


def test_a_class_is_called_by_words_and_chosen_where_several_are(client):
    paths = {
        "ct": ("CT scanner", "CT扫描机"), "ct-mobile": ("Mobile CT", "移动CT"),
        "electro": ("Electrosurgical unit", "高频电刀"),
    }  # fmt: skip
    for slug, (name_en, name_zh) in paths.items():
        make.category(slug=slug, kind="equipment", name_en=name_en, name_zh=name_zh)
    client.force_login(make.user(role=Role.CITY_OFFICIAL))
    page = client.get("/city/figures/equipment/?buy=CT&period=90")
    names = {row["name"]: row["url"] for row in page.context["buy"]["classes"]}
    assert names == {"CT scanner": "?period=90&buy=ct#buy"}  # its code
    page = client.get("/city/figures/equipment/?buy=ct%20").context["buy"]
    assert [row["name"] for row in page["classes"]] == ["CT scanner"]
    found = before_buying.classes_called("c")
    assert {row.name_en for row in found} == {"CT scanner", "Mobile CT"}
    assert [row.name_en for row in before_buying.classes_called("电刀")] == ["Electrosurgical unit"]


@pytest.mark.parametrize(
    "query",
    [
        *(query for query, field, _m in WRONG if field not in ("kind", "compare")),
        "category=none",
        "category=%27%20or%201=1",
        "buy=" + "x" * 81,
    ],
)
@pytest.mark.parametrize("page", ["/city/figures/equipment/", "/at/renhe/figures/equipment/"])
def test_a_wrong_address_is_answered_with_what_is_wrong(town, client, page, query):
    city = page.startswith("/city/")
    role, at = (Role.CITY_OFFICIAL, None) if city else (Role.VIEWER, town[0])
    client.force_login(make.user(at=at, role=role))
    response = client.get(f"{page}?{query}")
    assert response.status_code == 400
    assert 'class="error-summary"' in response.content.decode()


def test_the_statements_are_as_many_for_one_booking_as_for_many(town, device):
    def statements():
        with CaptureQueriesContext(connection) as found:
            register(of(town[0]), WEEK, now=NOW)
        return len(found)

    first = statements()
    for number in range(6):
        made = make.equipment(town[0])
        start = MONDAY + (12 + number) * HOUR
        booked(made, town[1], start, start + HOUR)
    assert statements() == first
