"""Book several dates: what is shown of each, what is sent, and what is never sent."""

from datetime import datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from resources.models import Offer, Resource
from scheduling.models import Series, SharingRequest, WaitlistEntry
from scheduling.states import State
from tests import make

pytestmark = pytest.mark.django_db
HOUR, WEEK = timedelta(hours=1), timedelta(days=7)
_keys = count(1)


@pytest.fixture
def now():
    return timezone.now().replace(minute=0, second=0, microsecond=0)


@pytest.fixture
def city(now):
    class City:
        owner, borrower = make.institution("owner"), make.institution("borrower")

    city = City()
    city.device = make.equipment(city.owner, last_safety_test=now.date())
    make.offer(city.device, now=now)
    city.asker = make.user(at=city.borrower, role="coordinator")
    city.approver = make.user(at=city.owner, role="approver")
    return city


@pytest.fixture
def first(city, now):
    """In two days at ten, by the clock of the device."""
    zone = ZoneInfo(city.device.site.time_zone)
    local = (now + 48 * HOUR).astimezone(zone)
    return local.replace(hour=10)


def posted(city, first, **fields) -> dict:
    return {
        "starts_at": f"{first:%Y-%m-%dT%H:%M}",
        "ends_at": f"{first + 4 * HOUR:%Y-%m-%dT%H:%M}",
        "repeat": "weekly", "weekdays": [str(first.weekday())], "every": "1", "times": "4",
        "units": "1", "priority": "routine", "mode": "loan", "purpose": "Weekly lists",
        "delivery_site": str(city.borrower.sites.get().pk), "transport": "borrower",
        "agreement_accepted": "on", "idempotency_key": f"series-test-{next(_keys):06d}",
    } | fields  # fmt: skip


@pytest.fixture
def send(client, city, first):
    """``send(do, **fields)`` posts the page's form; ``choices`` says what is chosen of which date."""
    address = reverse("scheduling:series-create", args=["borrower", city.device.pk])
    client.force_login(city.asker)

    def post(do="send", **fields):
        return client.post(address, posted(city, first, **fields) | {"do": do})

    return post


def chosen(*starts: datetime, **others: datetime) -> dict:
    """Ask for these dates; ``leave=…`` leaves one out."""
    asked = {_name(start): "ask" for start in starts}
    return asked | {_name(start): choice for choice, start in others.items()}


def _name(start: datetime) -> str:
    return f"date_{start.astimezone(ZoneInfo('UTC')):%Y%m%dT%H%MZ}"


def weeks(first, number=4):
    return [first + n * WEEK for n in range(number)]


def taken(city, start, borrower=None, **fields):
    other = borrower or make.institution()
    return make.sharing_request(
        city.device, other, state=State.APPROVED, starts_at=start, ends_at=start + HOUR, **fields
    )


def test_the_request_page_leads_to_several_dates(client, city):
    client.force_login(city.asker)
    page = client.get(reverse("scheduling:request-create", args=["borrower", city.device.pk]))
    assert reverse("scheduling:series-create", args=["borrower", city.device.pk]) in page.text


def test_checking_changes_nothing_and_shows_each_date(send, city, first):
    page = send("check")
    assert page.status_code == 200
    assert [row["verdict"] for row in page.context["rows"]] == ["ok"] * 4
    assert [row["field"].value() for row in page.context["rows"]] == [None] * 4
    assert not Series.unscoped.exists()


def test_the_free_dates_are_asked_for_and_the_others_left_out(send, city, first):
    days = weeks(first)
    taken(city, days[1])
    page = send("check")
    rows = page.context["rows"]
    assert [row["verdict"] for row in rows] == ["ok", "bad", "ok", "ok"]
    usual = [row["field"].field.choices[0][0] for row in rows]
    assert usual == ["ask", "wait", "ask", "ask"]
    answer = send("send", **chosen(days[0], days[2], days[3], leave=days[1]))
    made = Series.unscoped.get()
    assert answer.status_code == 302
    assert answer.url == reverse("scheduling:series", args=["borrower", made.pk])
    dates = SharingRequest.unscoped.filter(series=made).order_by("starts_at")
    assert [row.starts_at for row in dates] == [days[0], days[2], days[3]]


def test_who_waits_for_a_taken_date_stands_in_line(send, city, first):
    days = weeks(first)
    taken(city, days[1])
    send("send", **chosen(days[0], days[2], days[3], wait=days[1]))
    entry = WaitlistEntry.unscoped.get()
    assert (entry.resource, entry.starts_at) == (city.device, days[1])
    assert (entry.ends_at, entry.purpose) == (days[1] + 4 * HOUR, "Weekly lists")


def test_only_waiting_makes_no_series(send, city, first):
    days = weeks(first)
    for day in days:
        taken(city, day)
    choices = {_name(day): "wait" for day in days}
    answer = send("send", **choices)
    assert answer.url == reverse("scheduling:waitlist", args=["borrower"])
    assert WaitlistEntry.unscoped.count() == 4
    assert not Series.unscoped.exists()


def test_a_conflict_may_be_shifted(send, city, first):
    days = weeks(first)
    taken(city, days[1])
    row = send("check").context["rows"][1]
    moved = [value for value, _words in row["field"].field.choices if value.startswith("20")]
    assert moved
    choice = {_name(days[1]): moved[0]}
    send("send", **chosen(days[0], days[2], days[3]) | choice)
    starts = SharingRequest.unscoped.filter(series__isnull=False).values_list(
        "starts_at", flat=True
    )
    assert datetime.fromisoformat(moved[0]) in starts


def test_who_is_in_the_way_is_said_of_ourselves_only(send, city, first):
    days = weeks(first)
    hidden = make.institution(name_en="Canary Hospital", name_zh="金丝雀医院")
    theirs = taken(city, days[1], hidden, purpose="Canary purpose")
    ours = taken(city, days[2], city.borrower)
    page = send("check")
    assert ours.reference in page.text
    for secret in ("Canary Hospital", "金丝雀医院", "Canary purpose", theirs.reference):
        assert secret not in page.text


def test_dates_of_one_series_never_meet(send, city, first):
    """Thirty hours, every day: of one device not all could be had."""
    days = [first, first + 24 * HOUR, first + 48 * HOUR]
    late = f"{first + 30 * HOUR:%Y-%m-%dT%H:%M}"
    answer = send("send", repeat="daily", times="3", ends_at=late, **chosen(*days))
    assert answer.status_code == 422
    wrong = [name for name in answer.context["form"].errors if name.startswith("date_")]
    assert wrong == [_name(days[1]), _name(days[2])]
    assert not Series.unscoped.exists()


@pytest.fixture
def far(city):
    """Eight hours there, eight back and two to clean: eighteen hours around a use."""
    times = {"transport_minutes": 480, "cleaning_minutes": 120}
    Offer.unscoped.filter(resource=city.device).update(**times)


def test_buffers_of_neighbouring_dates_are_seen_before_they_are_sent(send, city, first, far):
    """Eight hours every day: of each pair of neighbours one is left out."""
    until = f"{first + 8 * HOUR:%Y-%m-%dT%H:%M}"
    rows = send("check", repeat="daily", times="4", ends_at=until).context["rows"]
    assert [row["verdict"] for row in rows] == ["ok", "warn", "ok", "warn"]
    usual = [row["field"].field.choices[0][0] for row in rows]
    assert usual == ["ask", "leave", "ask", "leave"]
    days = [first + n * 24 * HOUR for n in range(4)]
    answer = send("send", repeat="daily", times="4", ends_at=until, **chosen(*days))
    wrong = [name for name in answer.context["form"].errors if name.startswith("date_")]
    assert (answer.status_code, wrong) == (422, [_name(day) for day in days[1:]])
    one = chosen(days[1], days[3]) | {_name(day): "leave" for day in (days[0], days[2])}
    assert send("send", repeat="daily", times="4", ends_at=until, **one).status_code == 302


def test_two_devices_can_be_at_two_dates_at_once(send, city, first, far):
    Resource.unscoped.filter(pk=city.device.pk).update(units=2)
    until = f"{first + 8 * HOUR:%Y-%m-%dT%H:%M}"
    rows = send("check", repeat="daily", times="4", ends_at=until).context["rows"]
    assert [row["verdict"] for row in rows] == ["ok"] * 4
    rows = send("check", repeat="daily", times="2", ends_at=until, units="2").context["rows"]
    assert [row["verdict"] for row in rows] == ["ok", "warn"]


def test_one_time_is_not_chosen_for_two_dates(send, city, first):
    """One booking is in the way of both, so both may be shifted to the same free time."""
    days = [first, first + HOUR * 24]
    long = {"starts_at": days[0], "ends_at": days[1] + HOUR}
    make.sharing_request(city.device, make.institution(), state=State.APPROVED, **long)
    rows = send("check", repeat="daily", times="2").context["rows"]
    offered = [{value for value, _words in row["field"].field.choices} for row in rows]
    same = next(value for value in offered[0] & offered[1] if "T" in value)
    answer = send("send", repeat="daily", times="2", **{_name(day): same for day in days})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [_name(days[1])]


def test_the_same_page_sent_twice_is_one_series(send, city, first):
    fields = chosen(*weeks(first)) | {"idempotency_key": "series-test-twice"}
    answers = [send("send", **fields) for _twice in range(2)]
    assert answers[0].url == answers[1].url
    assert Series.unscoped.count() == 1
    assert SharingRequest.unscoped.filter(series__isnull=False).count() == 4


def test_what_was_not_looked_at_is_not_sent(send, first):
    page = send("send", times="5", **chosen(*weeks(first)))
    assert page.status_code == 422
    assert len(page.context["form"].errors) == 1
    assert not Series.unscoped.exists()


def test_a_date_that_was_taken_meanwhile_is_said_beside_it(send, city, first):
    days = weeks(first)
    taken(city, days[3])
    page = send("send", **chosen(*days))
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [_name(days[3])]
    assert not Series.unscoped.exists()


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("rule", {"repeat": "typed", "rule": "FREQ=SECONDLY;COUNT=1000000"}),
        ("rule", {"repeat": "typed", "rule": "FREQ=DAILY;COUNT=1000000"}),
        ("rule", {"repeat": "typed", "rule": "BYEASTER=1"}),
        ("rule", {"repeat": "typed", "rule": "X" * 1999}),
        ("times", {"times": "61"}),
        ("times", {"times": "0"}),
        ("times", {"times": "9" * 30}),
        ("times", {"times": "", "until": ""}),
        ("times", {"times": "4", "until": "2027-01-01"}),
        ("until", {"times": "", "until": "2001-01-01"}),
        ("until", {"times": "", "until": "9999-12-31"}),
        ("until", {"times": "", "until": "tomorrow"}),
        ("weekdays", {"weekdays": ["9"]}),
        ("repeat", {"repeat": "hourly"}),
        ("every", {"every": "1000"}),
        ("days", {"repeat": "picked", "days": "2026-13-45"}),
        ("days", {"repeat": "picked", "days": "1999-01-01"}),
        ("days", {"repeat": "picked", "days": "2099-01-01"}),
        ("days", {"repeat": "picked", "days": "\u0000"}),
        ("days", {"repeat": "weekly", "days": "2026-12-09"}),
        ("rule", {"repeat": "weekly", "rule": "FREQ=DAILY;COUNT=3"}),
        ("ends_at", {"ends_at": "1"}),
        ("delivery_site", {"delivery_site": "0"}),
        ("agreement_accepted", {"agreement_accepted": ""}),
    ],
)
def test_bad_input_is_said_beside_its_field(send, field, fields):
    for do in ("check", "send"):
        page = send(do, **fields)
        assert page.status_code == 422
        assert field in page.context["form"].errors
    assert not Series.unscoped.exists()


def test_a_rule_that_is_wanting_or_too_long_is_said_once(send):
    for rule, words in (("", "Type the rule"), ("X" * 2001, "at most 2000 characters")):
        (error,) = send("check", repeat="typed", rule=rule).context["form"].errors["rule"]
        assert words in error


def test_picked_days_are_asked_for(send, first):
    days = [first, first + 3 * 24 * HOUR, first + 9 * 24 * HOUR]
    text = ", ".join(f"{day:%Y-%m-%d}" for day in days[1:])
    page = send("send", repeat="picked", days=text, times="", **chosen(*days))
    assert page.status_code == 302
    assert Series.unscoped.get().rule == ""
    assert SharingRequest.unscoped.filter(series__isnull=False).count() == 3
