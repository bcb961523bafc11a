"""Own use ahead: hours of the wall clock from the owner's records, and what they let it lend."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from reports.actions.forecasts import compute
from reports.models import Forecast
from reports.queries.own_use import device_classes, hourly, outlook
from resources.enums import ResourceStatus
from resources.models import UseLogEntry
from tests import make

pytestmark = pytest.mark.django_db
SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
QUERIES = 16


def used(device, starts_at, hours, use=UseLogEntry.Use.OWN, institution=None):
    return UseLogEntry(
        resource=device,
        institution=institution or device.institution,
        use=use,
        starts_at=starts_at,
        ends_at=starts_at + hours * HOUR,
        recorded_at=starts_at,
    )


def working_weeks(device, now, *, weeks):
    """Own use from 8 to 18 by the clock of Shanghai, Monday to Friday."""
    today = now.astimezone(SHANGHAI).replace(hour=8, minute=0, second=0, microsecond=0)
    days = [today - number * DAY for number in range(1, 7 * weeks + 1)]
    UseLogEntry.unscoped.bulk_create(used(device, day, 10) for day in days if day.weekday() < 5)


def next_day_off(now) -> int:
    """The first weekday from tomorrow on without own use after ``working_weeks``."""
    tomorrow = (now.astimezone(SHANGHAI) + DAY).weekday()
    return 6 if tomorrow == 6 else 5


@pytest.fixture
def ward():
    now = timezone.now()
    owner = make.institution("owner")
    device = make.equipment(owner, name_en="Pump", name_zh="泵")
    return SimpleNamespace(owner=owner, device=device, now=now)


@pytest.fixture
def reader(client, ward):
    client.force_login(make.user(at=ward.owner, role="coordinator"))
    return client


def tonight(ward):
    compute(institution=ward.owner, now=ward.now)


def page_of(institution) -> str:
    return reverse("reports:own-use", args=[institution.slug])


def test_hours_are_those_of_the_wall_clock_and_counted_once_per_device():
    first = datetime(2026, 3, 1, 0, 0, tzinfo=UTC)  # 8:00 in Shanghai
    busy = {
        1: [(first, first + 90 * HOUR / 60), (first + HOUR, first + 2 * HOUR)],
        2: [(first, first + HOUR)],
    }
    hours = hourly(busy, {1: 1, 2: 4}, date(2026, 3, 1), date(2026, 3, 2), SHANGHAI)
    assert hours.tolist() == [0] * 8 + [5, 1] + [0] * 14


def test_a_night_of_a_clock_change_keeps_twenty_four_hours():
    night = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)  # midnight; 2:00 comes twice
    hours = hourly(
        {1: [(night, night + 5 * HOUR)]}, {1: 1}, date(2026, 10, 25), date(2026, 10, 26), BERLIN
    )
    assert hours.tolist() == [1] * 4 + [0] * 20
    spring = datetime(2026, 3, 28, 23, 0, tzinfo=UTC)  # midnight; 2:00 never comes
    hours = hourly(
        {1: [(spring, spring + 3 * HOUR)]}, {1: 1}, date(2026, 3, 29), date(2026, 3, 30), BERLIN
    )
    assert hours.tolist() == [1] * 4 + [0] * 20


def test_nights_and_weekends_of_a_device_used_by_day_can_be_offered(ward):
    working_weeks(ward.device, ward.now, weeks=12)
    tonight(ward)
    (devices,) = device_classes(ward.owner, now=ward.now)
    found = outlook(ward.owner, devices, now=ward.now, zone=SHANGHAI)
    assert [row.day for row in found.days] == [
        ward.now.astimezone(SHANGHAI).date() + number * DAY for number in range(1, 8)
    ]
    for row in found.days:
        times = [(idle.first, idle.last - idle.first, idle.units) for idle in row.idle]
        assert times == ([(0, 24, 1)] if row.day.weekday() > 4 else [(0, 8, 1), (18, 6, 1)])
    assert found.idle_hours == 2 * 24 + 5 * 14
    assert found.unoffered == [ward.device]


def test_only_own_use_and_kept_times_count(ward):
    other = make.institution("other")
    foreign = make.equipment(other, category=ward.device.category)
    starts = ward.now - 40 * DAY
    UseLogEntry.unscoped.bulk_create([
        used(ward.device, starts, 30, UseLogEntry.Use.SHARED, other),
        used(foreign, starts, 30),
    ])  # fmt: skip
    (devices,) = device_classes(ward.owner, now=ward.now)
    tonight(ward)
    assert outlook(ward.owner, devices, now=ward.now, zone=SHANGHAI).forecast is None
    make.block(ward.device, starts, starts + HOUR, by=make.user(at=ward.owner))
    tonight(ward)
    found = outlook(ward.owner, devices, now=ward.now, zone=SHANGHAI)
    assert (found.forecast.known_days, found.forecast.category) == (40, ward.device.category)


def test_classes_are_those_of_listed_devices_with_a_past_first_then_the_largest(ward):
    bed, lamp, draft = (make.category(slug) for slug in ("bed", "lamp", "draft"))
    make.equipment(ward.owner, category=bed, units=5)
    lit = make.equipment(ward.owner, category=lamp)
    make.equipment(ward.owner, category=draft, status=ResourceStatus.DRAFT)
    make.block(lit, ward.now - DAY, ward.now, by=make.user(at=ward.owner))
    assert [(row.category, row.units) for row in device_classes(ward.owner, now=ward.now)] == [
        (lamp, 1),
        (bed, 5),
        (ward.device.category, 1),
    ]


def test_the_page_tells_what_to_offer_and_leads_to_the_offer(reader, ward):
    working_weeks(ward.device, ward.now, weeks=12)
    tonight(ward)
    body = reader.get(page_of(ward.owner)).content.decode()
    assert "118 unit hours not on offer yet in seven days" in body
    assert "18:00–24:00" in body
    assert "all day" in body
    assert reverse("resources:offer-create", args=[ward.owner.slug, ward.device.pk]) in body


def test_nothing_is_promised_on_a_band_that_did_not_hold(reader, ward):
    working_weeks(ward.device, ward.now, weeks=12)
    tonight(ward)
    Forecast.unscoped.update(coverage=0.48, mase=4.53, naive_mase=4.9)
    body = reader.get(page_of(ward.owner)).content.decode()
    assert "The band should hold 80 %: it is too narrow, take it with caution." in body
    assert "That is more than one week differs from the next: take it with caution." in body
    assert "not on offer yet in seven days" not in body
    assert "?window=" not in body


def test_a_viewer_reads_it_without_the_way_to_an_offer(client, ward):
    working_weeks(ward.device, ward.now, weeks=12)
    tonight(ward)
    client.force_login(make.user(at=ward.owner, role="viewer"))
    body = client.get(page_of(ward.owner)).content.decode()
    assert "18:00–24:00" in body
    assert "Not offered yet" not in body


def test_a_short_past_and_no_devices_say_what_to_do(reader, ward):
    working_weeks(ward.device, ward.now, weeks=2)
    tonight(ward)
    assert "Too little is known yet" in reader.get(page_of(ward.owner)).content.decode()
    ward.device.status = ResourceStatus.DRAFT
    ward.device.save()
    assert "No devices yet" in reader.get(page_of(ward.owner)).content.decode()


@pytest.mark.parametrize("category", ["0", "x", "99999999999999999999"])
def test_a_category_of_nobody_is_not_found(reader, ward, category):
    assert reader.get(page_of(ward.owner), {"category": category}).status_code == 404


@pytest.mark.parametrize("devices", [1, 30])
def test_the_page_costs_the_same_for_any_number_of_devices(
    reader, ward, django_assert_num_queries, devices
):
    for _number in range(devices):
        working_weeks(make.equipment(ward.owner, category=ward.device.category), ward.now, weeks=6)
    tonight(ward)
    reader.get(page_of(ward.owner))
    with django_assert_num_queries(QUERIES):
        reader.get(page_of(ward.owner))
