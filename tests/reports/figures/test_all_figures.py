"""All figures in one list: each of the catalogue, from the right rows, with what it is made of."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from medshare_portal.models import AuditEvent
from medshare_portal.roles import Role
from reports.actions import people_days, usage, waits
from reports.kpis.catalogue import KPIS
from reports.models import Assumption, WaitsOfDay
from reports.periods import Period
from reports.queries.all_figures import all_figures
from reports.queries.day_stock import month_ends
from reports.rollups.digest import bucket
from tests import make
from tests.reports.figures.numbers import DAY, HOUR, both, counted, numbers

pytestmark = [pytest.mark.django_db, pytest.mark.once]
WEEK = Period(DAY - timedelta(days=6), DAY)
NOW = datetime(2026, 3, 11, 4, tzinfo=UTC)
# Of the city nothing, of an institution everything that compares institutions.
OF_CITY_ONLY = {"gini", "gini_weighted", "theil", "jain", "concentration"}


@pytest.fixture
def town():
    houses = [make.institution(name, service_population=10_000, beds=100) for name in "abcdef"]
    counted(*houses)
    return houses


def figures(institution=None, period=WEEK, before=None, **chosen):
    found = all_figures(institution, period, before, now=NOW, **chosen)
    return {(figure.code, figure.part): figure for figure in found}


def value(code, institution=None, part="", **chosen):
    return figures(institution, **chosen)[code, part].value


def test_every_figure_of_the_catalogue_is_fed(town):
    city = {code for code, _part in figures()}
    assert city == set(KPIS) - {"received_share"}
    assert {code for code, _part in figures(town[0])} == set(KPIS) - OF_CITY_ONLY


@pytest.mark.parametrize(
    ("kind", "there", "absent"),
    [
        ("equipment", "overdue", {"packs_rescued", "staff_hours", "looks", "carbon"}),
        ("medicine", "carbon", {"scheduled", "idle_hours", "mtbf", "overdue", "gini_weighted"}),
        ("staff", "notice", {"scheduled", "availability", "overdue", "packs_rescued"}),
        ("information", "looks", {"net_savings", "packs_rescued", "staff_hours", "scheduled"}),
    ],
)
def test_a_kind_has_its_own_figures_and_no_others(town, kind, there, absent):
    codes = {code for code, _part in figures(kind=kind)}
    assert there in codes
    assert not absent & codes


def test_figures_of_equipment_are_of_nothing_else_whoever_reads(town):
    a, b, *_rest = town
    both(a, b, kind="equipment", used=10 * HOUR, lent=4, returned_late=1)
    both(a, b, kind="staff", used=40 * HOUR, lent=6)
    numbers(a, kind="staff", category_code="offered", offered=90 * HOUR, idle=50 * HOUR)
    numbers(a, category_code="offered", offered=100 * HOUR, booked=20 * HOUR, idle=80 * HOUR)
    for reader in (
        {},
        {"institution": a},
        {"official": True},
        {"institution": a, "official": True},
    ):
        found = figures(**reader)
        for code, parts in {
            "scheduled": (20, 100), "net": (10, 100), "idle_rate": (80, 100),
            "idle_conversion": (10, 100), "sharing_rate": (10, 10), "availability": (100, 100),
        }.items():  # fmt: skip
            figure = found[code, ""]
            assert (figure.numerator, figure.denominator) == parts, (code, reader)
        assert found["idle_hours", ""].value == 80
    late = figures()["overdue", ""]
    assert (late.numerator, late.denominator) == (1, 4)


def test_what_has_nothing_to_divide_by_is_never_nought(town):
    for figure in figures().values():
        if figure.denominator is not None:
            assert figure.denominator == 0
            assert figure.value is None, figure.code


def test_figures_of_days_come_from_their_columns_and_sides(town):
    a, b, *_rest = town
    both(a, b, used=60 * HOUR, ended=10, filled=6, cancelled=2, cancelled_late=1, not_collected=2,
         offered=100 * HOUR, planned_down=5 * HOUR, unplanned_down=5 * HOUR, failures=3,
         repair=9 * HOUR, load_used=30 * HOUR, load_most=60 * HOUR, idle=20 * HOUR)  # fmt: skip
    assert value("late_cancel") == 0.1
    assert value("mtbf") == 30
    assert value("mttr") == 3
    assert value("by_load") == 0.5
    assert value("idle_hours") == 20
    assert value("idle_hours", a) == 20
    assert value("late_cancel", a) is None  # as the one who asks it had none
    assert value("late_cancel", b) == 0.1


def test_the_hours_of_installed_devices_are_as_long_as_the_period(town):
    a, b, *_rest = town
    device = make.equipment(a, units=2, status="listed", visibility="all", udi_di="")
    both(a, b, used=30 * HOUR)
    numbers(a, kind="equipment", day=DAY - timedelta(days=1), own_used=12 * HOUR)
    found = figures(a)
    assert found["gross", ""].denominator == 2 * 6 * 7
    assert found["gross", ""].value == 42 / 84
    assert found["rated", ""].denominator == 2 * 30
    assert found["coded", ""].value == 0
    assert (found["by_time", ""].value, found["by_capacity", ""].value) == (None, None)
    detail = device.equipment
    detail.max_daily_capacity, detail.avg_duration = 15, 30
    detail.save()
    numbers(a, day=DAY - timedelta(days=2), used=7 * HOUR, category_code=device.category.slug)
    found = figures(a)
    assert found["by_time", ""].value == 7 / 84
    assert found["by_capacity", ""].value == 14 / (2 * 15 * 7)


def test_waits_of_the_city_are_those_of_its_histograms(town):
    for wait, number in ((3600, 5), (7200, 4), (36000, 2)):
        WaitsOfDay.unscoped.create(
            day=DAY, kind="equipment", priority="stat" if wait == 36000 else "routine",
            step="answer", bucket=bucket(wait), number=number,
        )  # fmt: skip
    found = figures()
    median, slow = found["median", "Sent → decided"], found["p90", "Sent → decided"]
    assert median.value == pytest.approx(2, rel=0.03)
    assert slow.value == pytest.approx(10, rel=0.03)
    assert median.denominator == slow.denominator == 11
    assert found["median", "Sent → decided · Emergency"].value == pytest.approx(10, rel=0.03)
    assert found["median", "Sent → decided · Routine"].denominator == 9
    assert found["median", "Decided → handed over"].value is None
    assert value("median", part="Sent → decided", kind="staff") is None


def test_waits_of_an_institution_are_exact_and_those_that_it_was_asked(town):
    a, b, *_rest = town
    device = make.equipment(a)
    for hours in (1, 2, 9):
        asked = NOW - timedelta(days=2)
        make.sharing_request(
            device, b, state="declined", now=asked, submitted_at=asked,
            decided_at=asked + timedelta(hours=hours), ended_at=asked + timedelta(hours=hours),
        )  # fmt: skip
    usage.record_missing(now=NOW)
    assert value("median", a, part="Sent → decided") == 2
    assert value("p90", a, part="Sent → decided") == 9
    assert value("median", b, part="Sent → decided") is None
    waits.replace(WEEK.first, WEEK.last)
    assert value("median", part="Sent → decided") == pytest.approx(2, rel=0.03)


def test_what_rests_on_fewer_than_five_people_is_not_shown(town):
    a, b, *_rest = town
    both(a, b, kind="staff", confirmed=40 * HOUR, ended=4, filled=4, notice=96 * HOUR, excepted=1)
    asked = NOW - timedelta(days=2)

    def lend():
        over = asked + timedelta(hours=8)
        make.sharing_request(
            make.person(a), b, state="closed", now=asked, starts_at=asked, ends_at=over,
            actual_starts_at=asked, actual_ends_at=over, ended_at=over,
        )  # fmt: skip
        usage.record_missing(now=NOW)
        people_days.replace(WEEK.first, WEEK.last)

    for _person in range(4):
        lend()
    found = figures()
    for code in ("staff_hours", "notice", "overrides"):
        assert found[code, ""].withheld
        assert (found[code, ""].value, found[code, ""].numerator) == (None, None)
    lend()
    found = figures()
    assert found["staff_hours", ""].value == 40
    assert found["notice", ""].value == 24
    assert found["overrides", ""].value == 0.25


def test_savings_say_what_they_are_made_of_and_what_is_assumed(town):
    a, b, *_rest = town
    both(a, b, confirmed=100 * HOUR, filled=2, ended=2, metres=10_000, charged=30_000)
    numbers(a, kind="medicine", value_given=50_000, value_rescued=20_000, metres=4_000)
    numbers(b, kind="medicine", side="borrower", filled=1, metres=4_000)
    found = figures()
    assert found["net_savings", "rental avoided"].value == 4000
    assert found["net_savings", "purchases avoided"].value == 500
    assert found["net_savings", "transport, taken off"].value == -56
    assert found["net_savings", "charges between institutions, taken off"].value == -300
    assert found["net_savings", "administration, taken off"].value == -90
    assert found["net_savings", ""].value == 4000 + 500 - 56 - 300 - 90
    assert found["carbon", ""].value == pytest.approx(200 * 0.11 * 0.1558 - 4 * 0.25)
    Assumption.objects.create(code="rental_hour", value=Decimal("10.5"), note="Tender of 2026")
    Assumption.objects.create(code="carbon_pound", value=Decimal("0.2"), note="Own study")
    assert value("net_savings", part="rental avoided") == 1050
    assert value("carbon") == pytest.approx(200 * 0.11 * 0.2 - 4 * 0.25)


def test_the_stock_is_its_mean_at_the_ends_of_months_that_are_counted(town):
    a, *_rest = town
    quarter = Period(DAY.replace(month=1, day=5), DAY)
    ends = month_ends(quarter.first, quarter.last)
    assert [day.isoformat() for day in ends] == ["2026-01-31", "2026-02-28"]
    for day, stock in zip(ends, (40_000, 20_000), strict=True):
        numbers(a, kind="medicine", day=day, value_stock=stock, value_expired=1_500)
    found = figures(period=quarter)["expiry_loss", ""]
    assert (found.numerator, found.denominator, found.value) == (30, 300, 0.1)


def test_equity_ranks_by_residents_per_bed(town):
    for place, house in enumerate(town):
        house.beds = 100 * (place + 1)
        house.save()
        numbers(house, side="borrower", used=(len(town) - place) * HOUR)
    assert value("concentration") < 0  # who has fewest beds receives most


def test_information_comes_from_looks_reviews_and_accesses(town):
    a, b, *_rest = town
    numbers(a, kind="information", grants_approved=8, grants_denied=2, looks=40, looks_refused=10,
            looks_emergency=4, reviews_due=4, reviewed_in_time=3, grants_ended=8,
            grants_expired=6, looks_granted=24)  # fmt: skip
    numbers(b, kind="information", side="borrower", recognisable=20, recognised=15)
    expected = {
        "grants_approved": 0.8, "grants_denied": 0.2, "grants_expired": 0.75, "looks": 3,
        "looks_refused": 0.2, "break_glass": 0.1, "break_glass_reviewed": 0.75,
        "recognition": 0.75, "repeats_avoided": 3000,
    }  # fmt: skip
    found = figures()
    assert {code: found[code, ""].value for code in expected} == expected


def test_the_page_compares_links_to_the_rows_and_says_what_is_left_out(town, client):
    a, b, *_rest = town
    both(a, b, ended=4, filled=3, not_collected=1)
    both(a, b, day=DAY - timedelta(days=8), ended=4, filled=4)
    client.force_login(make.user(role=Role.CITY_OFFICIAL))
    days = f"first={WEEK.first}&last={WEEK.last}"
    page = client.get(f"/city/figures/all/?{days}").content.decode()
    assert "25.0 points worse" in page
    rows = f"/city/figures/requests/?first={WEEK.first}&amp;last={WEEK.last}&amp;outcome="
    assert f'href="{rows}not_collected"' in page
    assert 'href="/city/method/#no_show"' in page
    assert "0.1558" in page
    assert client.get(f"/city/figures/all/?{days}&kind=x").status_code == 400
    one = client.get(f"/city/figures/{b.pk}/all/?{days}").content.decode()
    assert f"institution={b.pk}" in one
    assert client.get("/city/figures/999999/all/").status_code == 404


def test_the_list_asks_equally_often_however_much_there_is(town, client):
    a, b, *_rest = town
    client.force_login(make.user(at=a, role=Role.VIEWER))

    def statements():
        with CaptureQueriesContext(connection) as found:
            assert client.get(f"/at/a/figures/all/?first={WEEK.first}&last={WEEK.last}").context
        return len(found)

    both(a, b, used=HOUR)
    statements()
    first = statements()
    for days in range(6):
        both(a, b, day=DAY - timedelta(days=days), kind="staff", used=HOUR)
    assert statements() == first


def test_the_registry_edits_an_assumption_and_the_audit_keeps_it(client):
    client.force_login(make.user(role=Role.REGISTRY_ADMIN))
    address = "/admin/reports/assumption/add/"
    wrong = client.post(address, {"code": "carbon_km", "value": "-1", "note": "x"})
    assert wrong.status_code == 200
    assert not Assumption.objects.exists()
    client.post(address, {"code": "carbon_km", "value": "0.3", "note": "Own vans"})
    assert Assumption.objects.get().value == Decimal("0.3")
    row = Assumption.objects.get()
    client.post(f"/admin/reports/assumption/{row.pk}/change/", {"value": "0.4", "note": "New vans"})
    event = AuditEvent.unscoped.get(action="registry.changed")
    changes = event.data["rows"][0]["changes"]
    assert changes == {"value": ["0.3000", "0.4"], "note": ["Own vans", "New vans"]}
