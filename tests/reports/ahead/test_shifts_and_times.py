"""Shifts against the roster, and times to offer that lead into the form."""

from datetime import time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from medshare_portal.models import User
from medshare_portal.roles import Permission
from reports.actions.forecasts import compute
from reports.models import Forecast
from reports.queries.offered_week import offered_weeks
from reports.warned import Warned
from resources.models import Equipment, IdleWindow
from tests import make
from tests.reports.ahead.conftest import DAY, SHANGHAI, seen, stored
from tests.reports.test_own_use import working_weeks

pytestmark = pytest.mark.django_db


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
    User.objects.update(language="zh-hans")
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


def test_what_is_on_offer_is_not_suggested_again_and_other_times_lead_to_its_offer(client):
    now = timezone.now()
    owner = make.institution("owner")
    pump = make.equipment(owner)
    evenings = [(weekday, time(18), time(0)) for weekday in range(7)]
    published = make.offer(pump, windows=evenings)
    working_weeks(pump, now, weeks=12)
    compute(institution=owner, now=now)
    body = seen(client, owner, "reports:own-use").content.decode()
    form = reverse("resources:offer-edit", args=[owner.slug, published.pk])
    assert f"{form}?window=1-00%3A00-08%3A00" in body
    assert "1-18%3A00" not in body
    answer = client.get(form, {"window": "1-00:00-08:00"})
    initial = answer.context["form"].initial
    assert [f"{initial[f'w1{turn}_starts']:%H}" for turn in "ab"] == ["00", "18"]
    assert "are added" in answer.content.decode()


@pytest.mark.once
def test_hours_of_a_week_are_offered_over_midnight_and_in_part():
    owner = make.institution("owner")
    windows = [(6, time(22, 30), time(2, 15)), (0, time(12), time(12, 30))]
    published = make.offer(make.equipment(owner), windows=windows)
    week = offered_weeks(owner)[published.resource_id]
    assert week.hours.nonzero()[0].tolist() == [0, 1, 2, 12, 166, 167]
    assert not week.leaves_free(0, 2, 5)
    assert week.leaves_free(0, 3, 12)
    IdleWindow.unscoped.create(offer=published, weekday=2, starts=time(0), ends=time(0))
    assert offered_weeks(owner)[published.resource_id].hours[48:72].all()


def test_a_specialty_has_a_series_of_its_own_and_its_warning_stands_for_the_profession(client):
    """Two of three nurses are of intensive care; of a profession whose people all have one
    specialty there is one series."""
    now = timezone.now()
    owner = make.institution("owner")
    by = make.user(at=owner, role="staffing_manager")
    icu = make.specialty()
    nurses = [make.person(owner, specialties=[icu] if number else []) for number in range(3)]
    doctor = make.person(owner, category=make.category("doctor", kind="staff"), specialties=[icu])
    eight = now.astimezone(SHANGHAI).replace(hour=8, minute=0, second=0, microsecond=0)
    for person in (*nurses, doctor):
        for day in range(1, 43):
            make.shift(person, eight - day * DAY, by=by)
    make.shift(nurses[0], eight + 2 * DAY, by=by)
    make.shift(nurses[1], eight + 2 * DAY, by=by)
    compute(institution=owner, now=now)
    rows = Forecast.objects.owned_by(owner).order_by("category", "subject")
    day = (eight.date() + 2 * DAY).isoformat()
    assert [(row.category, row.subject, row.warned, row.figures) for row in rows] == [
        (nurses[0].category, "", "", {}),
        (nurses[0].category, "28", "shortage", {"day": day, "rostered": 1, "needed": 2}),
        (doctor.category, "", "", {}),
    ]
    home = seen(client, owner, "reports:home").content.decode()
    page = reverse("reports:shifts-ahead", args=[owner.slug])
    query = f"category={nurses[0].category_id}&amp;specialty=28"
    assert "intensive care: shifts on the roster of" in home
    assert f"{page}?{query}" in home
    body = client.get(page, {"category": nurses[0].category_id, "specialty": "28"}).content.decode()
    assert "1 shift short" in body
    assert "2 shifts short" not in body
    unknown = {"category": doctor.category_id, "specialty": "28"}
    assert client.get(page, unknown).status_code == 404


def test_devices_that_will_lack_warn_with_the_day_and_lead_to_the_search(client):
    """Both are in use by day; one will be lent then, and what was borrowed was needed, too."""
    now = timezone.now()
    owner, stranger = make.institution("owner"), make.institution("stranger")
    pumps = [make.equipment(owner, name_en="Pump", name_zh="泵")]
    pumps.append(make.equipment(owner, category=pumps[0].category))
    for pump in pumps:
        working_weeks(pump, now, weeks=12)
    compute(institution=owner, now=now)
    assert stored(owner, "equipment").warned == Warned.SURPLUS
    midnight = now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    workday = next(day for number in range(1, 8) if (day := midnight + number * DAY).weekday() < 5)
    times = {"starts_at": workday + timedelta(hours=9), "ends_at": workday + timedelta(hours=12)}
    make.sharing_request(pumps[0], stranger, state="approved", **times)
    compute(institution=owner, now=now)
    row = stored(owner, "equipment")
    assert (row.warned, row.severity) == (Warned.SHORTAGE, 50)
    day = workday.date().isoformat()
    assert row.figures == {"day": day, "units": 1, "first": 9, "last": 12}
    home = seen(client, owner, "reports:home").content.decode()
    assert f"{pumps[0].category.name_en}: 1 too few on" in home
    body = client.get(reverse("reports:own-use", args=[owner.slug])).content.decode()
    assert "1 unit too few, 09:00–12:00" in body
    find = reverse("scheduling:find", args=[owner.slug])
    assert f"starts_at={day}T09%3A00&amp;ends_at={day}T12%3A00" in body
    assert find in body
    viewer = seen(client, owner, "reports:own-use", role="viewer").content.decode()
    assert "1 unit too few" in viewer
    assert find + "?" not in viewer
    Equipment.unscoped.filter(pk=pumps[1].pk).update(status="down")
    compute(institution=owner, now=now)
    assert stored(owner, "equipment").figures["units"] == 2


def test_what_is_borrowed_every_day_is_needed_beyond_the_own_devices():
    now = timezone.now()
    owner, lender = make.institution("owner"), make.institution("lender")
    pump = make.equipment(owner)
    working_weeks(pump, now, weeks=9)
    other = make.equipment(lender, category=pump.category)
    ten = now.astimezone(SHANGHAI).replace(hour=10, minute=0, second=0, microsecond=0)
    for number in range(1, 60):
        starts_at = ten - number * DAY
        make.sharing_request(
            other,
            owner,
            state="closed",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=4),
        )
    compute(institution=owner, now=now)
    row = stored(owner, "equipment")
    assert row.warned == Warned.SHORTAGE
    assert (row.figures["units"], row.figures["first"], row.figures["last"]) == (1, 10, 14)
