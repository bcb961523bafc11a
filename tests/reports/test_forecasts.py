"""The night's job: what it stores, once and in turn, for whom, and what the pages say of it."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone, translation

from medshare_portal.roles import Permission
from reports.actions import forecasts
from reports.actions.forecasts import compute, compute_due, last_night
from reports.models import Forecast, ForecastNight
from reports.queries.ahead import city_lines, warnings_of
from reports.queries.stock_ahead import issued
from reports.warned import Warned
from resources.enums_medicine import MovementSort
from resources.models import StockMovement
from tests import make
from tests.reports.test_own_use import working_weeks

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
ALL_KINDS = ["equipment", "medicine", "staff"]


def issue_daily(lot, now, *, days, packs=2):
    """Packs issued at noon of each of the last days; the lot has what it had before."""
    total = days * packs
    make.movement(lot, MovementSort.RECEIVE, total, at=now - (days + 1) * DAY)
    noon = now.astimezone(SHANGHAI).replace(hour=12, minute=0, second=0, microsecond=0)
    for number in range(1, days + 1):
        make.movement(lot, MovementSort.ISSUE, packs, at=noon - number * DAY)


@pytest.fixture
def house():
    now = timezone.now()
    owner = make.institution("owner")
    lot = make.medicine_lot(owner, stock=20, pack_size=5)
    issue_daily(lot, now, days=120)
    return SimpleNamespace(owner=owner, lot=lot, now=now)


def stored(institution, kind):
    return Forecast.objects.owned_by(institution).get(kind=kind)


def seen(client, institution, name, *, role="coordinator", **query):
    client.force_login(make.user(at=institution, role=role))
    return client.get(reverse(name, args=[institution.slug]), query)


def test_steady_issues_are_forecast_in_dose_units_as_sums(house):
    assert compute(institution=house.owner, now=house.now) == 1
    row = stored(house.owner, "medicine")
    assert row.subject == house.lot.item_key
    assert (row.name_en, row.known_days) == ("Insulin glargine 300 IU/3 ml", 120)
    assert row.expected[29] == pytest.approx(300)  # 2 packs of 5 pens, 30 days
    assert row.high[29] == pytest.approx(300, abs=1)
    assert row.inputs_until == row.computed_at == house.now


def test_ten_days_of_stock_warn_of_a_shortage_and_the_day_of_the_next_delivery(house):
    compute(institution=house.owner, now=house.now)
    row = stored(house.owner, "medicine")
    assert (row.warned, row.severity, row.figures) == (
        Warned.SHORTAGE,
        100 - 3 * 10,
        {"days": 10, "coming": None},
    )
    lender = make.institution("lender")
    make.transfer(make.offered_lot(lender), house.owner, state="approved")
    compute(institution=house.owner, now=house.now)
    due = (house.now.date() + DAY).isoformat()
    assert stored(house.owner, "medicine").figures["coming"] == due


def test_packs_that_are_reserved_for_others_are_no_stock(house):
    make.movement(house.lot, MovementSort.RESERVE, 10)
    compute(institution=house.owner, now=house.now)
    assert stored(house.owner, "medicine").figures["days"] == 5


def test_a_lot_that_will_hardly_be_used_in_time_is_told_with_its_packs(house):
    today = house.now.astimezone(SHANGHAI).date()
    make.medicine_lot(house.owner, stock=100, pack_size=5, expiry_date=today + 30 * DAY)
    compute(institution=house.owner, now=house.now)
    row = stored(house.owner, "medicine")
    assert row.warned == Warned.SURPLUS
    # 30 days use 300 of its 500 pens; the lot that expires later is used afterwards.
    assert row.figures["packs"] == 40
    with translation.override("en"):
        line = f"40 packs of lot {row.figures['lot_no']} will hardly be used by"
        assert line in forecasts.ahead["medicine"].words(row)


def test_an_item_that_was_never_issued_is_not_foretold():
    owner = make.institution("owner")
    make.medicine_lot(owner)
    assert compute(institution=owner, now=timezone.now()) == 0


def test_the_job_runs_once_a_night_and_takes_who_waited_longest(house, monkeypatch):
    other = make.institution("other")
    noon = datetime(2026, 11, 30, 4, 0, tzinfo=UTC)
    monkeypatch.setattr(forecasts, "AT_ONCE", 1)
    assert compute_due(now=noon, zone=SHANGHAI) == 1
    assert compute_due(now=noon, zone=SHANGHAI) == 1
    assert compute_due(now=noon + timedelta(hours=1), zone=SHANGHAI) == 0
    assert set(ForecastNight.unscoped.values_list("institution__slug", flat=True)) == {
        house.owner.slug,
        other.slug,
    }
    after_one = noon + timedelta(hours=14)
    assert compute_due(now=after_one, zone=SHANGHAI) == 1
    assert ForecastNight.unscoped.filter(computed_at=after_one).count() == 1


@pytest.mark.once
def test_a_night_begins_at_one_by_the_clock_of_the_place():
    before, after = (datetime(2026, 11, 29, hour, 30, tzinfo=UTC) for hour in (16, 17))
    assert last_night(before, SHANGHAI) == datetime(2026, 11, 28, 17, tzinfo=UTC)
    assert last_night(after, SHANGHAI) == datetime(2026, 11, 29, 17, tzinfo=UTC)


def test_run_again_it_changes_nothing_and_what_is_gone_is_removed(house):
    compute(institution=house.owner, now=house.now)
    first = Forecast.unscoped.values().get()
    compute(institution=house.owner, now=house.now)
    assert Forecast.unscoped.values().get() == first
    house.lot.refresh_from_db()
    make.movement(house.lot, MovementSort.WRITE_OFF, house.lot.on_hand)
    compute(institution=house.owner, now=house.now + DAY)
    assert not Forecast.unscoped.exists()


def test_one_institution_that_fails_keeps_nobody_waiting(house, monkeypatch, caplog):
    other = make.institution("other")
    whole = forecasts.compute

    def failing(*, institution, now):
        if institution == house.owner:
            raise ValueError("broken rows")
        return whole(institution=institution, now=now)

    monkeypatch.setattr(forecasts, "compute", failing)
    assert compute_due(now=house.now, zone=SHANGHAI) == 2
    assert ForecastNight.unscoped.filter(institution=other).exists()
    assert [record.getMessage() for record in caplog.records] == ["forecasts of owner failed"]
    caplog.clear()


def test_the_command_runs_the_job(house):
    call_command("jobs", once=True, verbosity=0)
    assert Forecast.unscoped.filter(institution=house.owner).count() == 1


@pytest.mark.parametrize(
    ("column", "value"),
    [("severity", 101), ("warned", "panic"), ("coverage", 1.5), ("computed_at", "2000-01-01")],
)
def test_the_database_refuses_a_forecast_that_cannot_be(house, column, value):
    compute(institution=house.owner, now=house.now)
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE reports_forecast SET {column} = %s", [value])


def test_the_page_tells_how_long_stock_lasts_and_how_old_that_is(client, house):
    compute(institution=house.owner, now=house.now)
    body = seen(client, house.owner, "reports:stock-ahead", role="pharmacist").content.decode()
    assert "Insulin glargine" in body
    assert "10 days" in body
    assert "Worked out" in body
    client.cookies["django_language"] = "zh-hans"
    body = client.get(reverse("reports:stock-ahead", args=[house.owner.slug])).content.decode()
    assert "甘精胰岛素" in body
    assert "10 天" in body


def test_one_click_leads_to_the_offer_with_the_packs_filled_in(client, house):
    today = house.now.astimezone(SHANGHAI).date()
    lot = make.medicine_lot(house.owner, stock=100, pack_size=5, expiry_date=today + 30 * DAY)
    compute(institution=house.owner, now=house.now)
    page = f"/at/{house.owner.slug}/"
    body = seen(client, house.owner, "reports:stock-ahead", role="pharmacist").content.decode()
    address = reverse("resources:medicine-offer", args=[house.owner.slug, lot.pk]) + "?packs=40"
    assert address in body
    assert 'name="quantity" value="40"' in client.get(address).content.decode()
    assert address in client.get(page).content.decode()
    viewer = seen(client, house.owner, "reports:stock-ahead", role="viewer").content.decode()
    assert "40 packs of lot" in viewer
    assert address not in viewer


@pytest.mark.parametrize("packs", ["-1", "0", "x", "1e3", "99999999", "٣"])
def test_packs_that_make_no_sense_fill_in_what_is_free(client, house, packs):
    client.force_login(make.user(at=house.owner, role="pharmacist"))
    page = reverse("resources:medicine-offer", args=[house.owner.slug, house.lot.pk])
    assert 'name="quantity" value="20"' in client.get(page, {"packs": packs}).content.decode()


def test_another_hospital_never_sees_it(client, house):
    stranger = make.institution("stranger")
    compute(institution=house.owner, now=house.now)
    for name in ("reports:stock-ahead", "reports:shifts-ahead", "reports:own-use", "reports:home"):
        body = seen(client, stranger, name).content.decode()
        assert "Insulin glargine" not in body
        assert client.get(reverse(name, args=[house.owner.slug])).status_code == 404
    assert warnings_of(stranger) == []


def test_the_home_page_warns_most_severe_first_each_a_link(client, house):
    compute(institution=house.owner, now=house.now)
    pump = make.equipment(house.owner, name_en="Pump", name_zh="泵")
    working_weeks(pump, house.now, weeks=12)
    compute(institution=house.owner, now=house.now)
    body = seen(client, house.owner, "reports:home").content.decode()
    first = "10 days of stock at the forecast&#x27;s 90 % use, next delivery unknown"
    assert first in body
    second = f"{pump.category.name_en}: free all day on Saturday, you could offer it"
    assert body.index(first) < body.index(second)
    assert reverse("reports:stock-ahead", args=[house.owner.slug]) in body
    assert f"{reverse('reports:own-use', args=[house.owner.slug])}?category=" in body


@pytest.mark.parametrize("number", [1, 12])
def test_the_home_page_reads_its_warnings_by_one_statement(
    house, django_assert_num_queries, number
):
    compute(institution=house.owner, now=house.now)
    row = stored(house.owner, "medicine")
    for place in range(number - 1):
        row.pk, row.subject = None, str(place)
        row.save()
    with django_assert_num_queries(1):
        found = warnings_of(house.owner)
    assert len(found) == min(number, 4)


def test_the_city_counts_institutions_and_names_none(client, house):
    other = make.institution("other")
    issue_daily(make.medicine_lot(other, stock=20, pack_size=5), house.now, days=120)
    compute_due(now=house.now, zone=SHANGHAI)
    with translation.override("en"):
        (line,) = city_lines(ALL_KINDS)
    assert (line.name, line.short, line.over) == ("Insulin glargine 300 IU/3 ml", 2, 0)
    client.force_login(make.city_user())
    body = client.get("/city/").content.decode()
    assert "Institutions that may run short" in body
    assert city_lines(["equipment"]) == []


def test_shifts_on_a_roster_that_do_not_suffice_are_told(client):
    now = timezone.now()
    owner = make.institution("owner")
    by = make.user(at=owner, role="staffing_manager")
    people = [make.person(owner) for _number in range(4)]
    eight = now.astimezone(SHANGHAI).replace(hour=8, minute=0, second=0, microsecond=0)
    for person in people:
        for day in range(1, 71):
            make.shift(person, eight - day * DAY, by=by)
    make.shift(people[0], eight + 2 * DAY, by=by)
    for person in people:
        make.shift(person, eight + 3 * DAY, by=by)
    compute(institution=owner, now=now)
    row = stored(owner, "staff")
    assert row.warned == Warned.SHORTAGE
    day = (eight.date() + 2 * DAY).isoformat()
    assert row.figures == {"day": day, "rostered": 1, "needed": 4}
    body = seen(client, owner, "reports:shifts-ahead").content.decode()
    assert "3 shifts short" in body
    assert "as usual" in body
    assert "none entered" in body
    client.cookies["django_language"] = "zh-hans"
    page = reverse("reports:shifts-ahead", args=[owner.slug])
    assert "护士" in client.get(page).content.decode()
    assert client.get(page, {"category": "0"}).status_code == 404


def test_people_of_others_who_were_booked_were_needed_too():
    now = timezone.now()
    owner, host = make.institution("owner"), make.institution("host")
    nurse = make.person(owner)
    for day in range(1, 40):
        starts = now - day * DAY
        make.sharing_request(
            nurse, host, state="closed", starts_at=starts, ends_at=starts + timedelta(hours=8)
        )
    compute(institution=host, now=now)
    assert stored(host, "staff").known_days == 39


def test_a_time_to_offer_leads_to_the_form_with_its_window(client):
    now = timezone.now()
    owner = make.institution("owner")
    pump = make.equipment(owner)
    working_weeks(pump, now, weeks=12)
    compute(institution=owner, now=now)
    body = seen(client, owner, "reports:own-use").content.decode()
    form = reverse("resources:offer-create", args=[owner.slug, pump.pk])
    assert f"{form}?window=1-18%3A00-24%3A00" in body
    answer = client.get(form, {"window": "1-18:00-24:00"})
    initial = answer.context["form"].initial
    windows = {name: str(value) for name, value in initial.items() if name.startswith("w1")}
    assert windows == {"w1a_starts": "18:00:00", "w1a_ends": "00:00:00"}
    assert not any(name.startswith("w0") for name in initial)
    assert "hardly need it yourselves" in answer.content.decode()
    assert f"{reverse('reports:own-use', args=[owner.slug])}?category=" in answer.content.decode()


@pytest.mark.parametrize(
    "window", ["7-18:00-24:00", "1-25:00-26:00", "x", "1-18:00", "1-24:00-1:00"]
)
def test_a_window_that_is_none_is_left_out(client, window):
    owner = make.institution("owner")
    pump = make.equipment(owner)
    client.force_login(make.user(at=owner, role="coordinator"))
    form = reverse("resources:offer-create", args=[owner.slug, pump.pk])
    answer = client.get(form, {"window": window})
    assert answer.status_code == 200
    assert "hardly need it yourselves" not in answer.content.decode()


def test_a_person_without_the_right_sees_no_way_to_an_offer(client):
    now = timezone.now()
    owner = make.institution("owner")
    working_weeks(make.equipment(owner), now, weeks=12)
    compute(institution=owner, now=now)
    answer = seen(client, owner, "reports:own-use", role="viewer")
    assert "18:00–24:00" in answer.content.decode()
    assert "?window=" not in answer.content.decode()
    assert answer.context["week_url"] == ""
    assert Permission.PUBLISH_OFFER not in answer.wsgi_request.permissions


def test_the_ledger_takes_an_issue_and_nothing_else_under_its_name(house):
    before = house.lot.on_hand
    make.movement(house.lot, MovementSort.ISSUE, 3)
    assert house.lot.on_hand == before - 3
    with pytest.raises(IntegrityError), transaction.atomic():
        StockMovement.unscoped.create(
            lot=house.lot,
            sort=MovementSort.ISSUE,
            quantity=3,
            on_hand_change=3,
            reserved_change=0,
            in_transit_change=0,
            at=house.now,
        )


def test_what_was_issued_on_a_day_is_of_that_day_where_the_pharmacy_is():
    owner = make.institution("owner")
    lot = make.medicine_lot(owner, stock=50, pack_size=5)
    make.movement(lot, MovementSort.ISSUE, 1, at=datetime(2026, 11, 27, 15, 59, tzinfo=UTC))
    make.movement(lot, MovementSort.ISSUE, 2, at=datetime(2026, 11, 27, 16, 0, tzinfo=UTC))
    found = issued(owner, today=date(2026, 11, 30), zone=SHANGHAI)[lot.item_key]
    assert (found.first_day, found.values.tolist()) == (date(2026, 11, 27), [5, 10, 0])
