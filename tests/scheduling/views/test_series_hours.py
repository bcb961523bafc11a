"""Other hours or another weekday: what becomes of each date is shown before it is changed."""

from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from resources.models import Equipment
from scheduling.models import SharingRequest
from tests import make

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def device():
    found = make.equipment(make.institution("owner"), last_safety_test=timezone.now().date())
    make.offer(found)
    return found


@pytest.fixture
def booked(client, device):
    """Four booked dates, the first one yesterday; at ten, a Wednesday at the earliest."""
    borrower = make.institution("borrower")
    asker = make.user(at=borrower, role="coordinator")
    client.force_login(asker)
    local = timezone.now().astimezone(ZoneInfo(device.site.time_zone))
    first = local.replace(hour=10, minute=0, second=0, microsecond=0) - DAY
    return make.series(
        device, borrower, by=asker, starts_at=first, states=("no_show", *["approved"] * 3)
    )


def dates(sent) -> list[SharingRequest]:
    return list(sent.dates.order_by("starts_at", "pk"))


def post(client, sent, do="change", **fields):
    data = {
        "scope": "following", "starts": "10:00", "ends": "18:00", "days_later": "0", "do": do,
        "idempotency_key": uuid4().hex,
    }  # fmt: skip
    row = dates(sent)[1]
    address = reverse("scheduling:request-series-hours", args=["borrower", row.pk])
    return client.post(address, data | fields)


def test_a_look_changes_nothing_and_names_each_date(client, device, booked):
    before = dates(booked)
    make.block(device, before[2].ends_at, before[2].ends_at + HOUR, by=booked.created_by)
    page = post(client, booked, do="check", ends="20:00")
    assert page.status_code == 200
    assert [plan.request.pk for plan in page.context["view"].plans] == [r.pk for r in before[1:]]
    assert [row["verdict"] for row in page.context["rows"]] == ["ok", "bad", "ok"]
    assert not any(row["stays_booked"] for row in page.context["rows"])
    assert [(row.starts_at, row.ends_at) for row in dates(booked)] == [
        (row.starts_at, row.ends_at) for row in before
    ]


def test_shorter_hours_need_no_new_answer(client, booked):
    page = post(client, booked, do="check", ends="16:00")
    assert all(row["stays_booked"] for row in page.context["rows"])


def test_a_date_without_an_answer_is_not_said_to_need_none(client, device):
    borrower = make.institution("borrower")
    asker = make.user(at=borrower, role="coordinator")
    client.force_login(asker)
    asked = make.series(device, borrower, by=asker, states=("requested", "approved"))
    page = post(client, asked, do="check", scope="this", ends="16:00")
    assert [row["waits"] for row in page.context["rows"]] == [False]
    first = dates(asked)[0]
    address = reverse("scheduling:request-series-hours", args=["borrower", first.pk])
    data = {"scope": "this", "starts": "10:00", "ends": "16:00", "days_later": "0", "do": "check"}
    page = client.post(address, data | {"idempotency_key": uuid4().hex})
    assert [row["waits"] for row in page.context["rows"]] == [True]


def test_a_new_warning_asks_for_a_reason_beside_its_field(client, device, booked):
    Equipment.unscoped.filter(resource=device).update(status="degraded", status_note="One wheel")
    name = "accepted_EQ-01"
    assert name in post(client, booked, do="check", ends="16:00").context["form"].fields
    silent = post(client, booked, ends="16:00")
    assert (silent.status_code, list(silent.context["form"].errors)) == (422, [name])
    assert [row.ends_at - row.starts_at for row in dates(booked)] == [8 * HOUR] * 4
    assert post(client, booked, ends="16:00", **{name: "We know"}).status_code == 302
    changed = dates(booked)[1:]
    assert [row.ends_at - row.starts_at for row in changed] == [6 * HOUR] * 3
    assert {row.accepted_findings[-1]["reason"] for row in changed} == {"We know"}


def test_longer_hours_that_run_into_each_other_are_refused(client, device):
    """Three dates a day apart; of thirty hours each no two can be had of one device."""
    borrower = make.institution("borrower")
    asker = make.user(at=borrower, role="coordinator")
    client.force_login(asker)
    sent = make.series(device, borrower, by=asker, states=("approved", "approved"))
    second = dates(sent)[1]
    begins = dates(sent)[0].starts_at + DAY
    SharingRequest.unscoped.filter(pk=second.pk).update(
        starts_at=begins, ends_at=begins + HOUR, blocked_from=begins, blocked_until=begins + HOUR
    )
    first = dates(sent)[0]
    address = reverse("scheduling:request-series-hours", args=["borrower", first.pk])
    data = {"scope": "following", "starts": "10:00", "ends": "16:00", "days_later": "1"}
    looked = client.post(address, data | {"do": "check", "idempotency_key": uuid4().hex})
    assert [row["verdict"] for row in looked.context["rows"]] == ["ok", "bad"]
    sure = client.post(address, data | {"do": "change", "idempotency_key": uuid4().hex})
    assert sure.status_code == 422
    assert [row.state for row in dates(sent)] == ["approved", "approved"]


def test_all_later_dates_move_to_another_weekday(client, booked):
    """The past date stays where it was; the others are given back and asked for again."""
    past, second, *_rest = dates(booked)
    zone = ZoneInfo(second.resource.site.time_zone)
    wanted = (second.starts_at.astimezone(zone) + DAY).weekday()
    if wanted == 0:  # within the same week
        wanted = second.starts_at.astimezone(zone).weekday() - 1
    assert post(client, booked, weekday=wanted).status_code == 302
    states = sorted(row.state for row in dates(booked))
    assert states == ["cancelled"] * 3 + ["no_show"] + ["requested"] * 3
    again = [row for row in dates(booked) if row.state == "requested"]
    assert {row.starts_at.astimezone(zone).weekday() for row in again} == {wanted}
    past.refresh_from_db()
    assert past.state == "no_show"


@pytest.mark.parametrize(
    ("field", "value"),
    [("weekday", "7"), ("weekday", "x"), ("ends", "09:00"), ("starts", "25:00"), ("scope", "all")],
)
def test_what_makes_no_sense_changes_nothing(client, booked, field, value):
    page = post(client, booked, **{field: value})
    assert page.status_code == 422
    assert field in page.context["form"].errors
