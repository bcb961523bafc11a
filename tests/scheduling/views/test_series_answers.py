"""A series that was sent: what each side sees of its dates and does with them."""

from datetime import timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from scheduling.models import SharingRequest
from scheduling.queries.series import number_of_dates
from scheduling.states import State
from tests import make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
_keys = count(1)


@pytest.fixture
def city():
    class City:
        owner, borrower = make.institution("owner"), make.institution("borrower")

    city = City()
    city.device = make.equipment(city.owner, last_safety_test=timezone.now().date())
    make.offer(city.device)
    city.asker = make.user(at=city.borrower, role="coordinator")
    city.approver = make.user(at=city.owner, role="approver")
    return city


@pytest.fixture
def first(city):
    """In two days at ten, by the clock of the device."""
    local = (timezone.now() + 48 * HOUR).astimezone(ZoneInfo(city.device.site.time_zone))
    return local.replace(hour=10, minute=0, second=0, microsecond=0)


def taken(city, start, borrower=None):
    other = borrower or make.institution()
    return make.sharing_request(
        city.device, other, state=State.APPROVED, starts_at=start, ends_at=start + HOUR
    )


def test_the_owner_reads_who_is_in_the_way(client, city, first):
    sent = make.series(city.device, city.borrower, starts_at=first)
    other = make.institution(name_en="Busy Hospital")
    taken(city, first, other)
    client.force_login(city.approver)
    page = client.get(reverse("scheduling:series", args=["owner", sent.pk]))
    assert "Busy Hospital" in page.text


def test_dates_that_came_to_nothing_are_not_counted_as_dates(client, city, first):
    states = ("approved", "requested", "cancelled", "declined")
    sent = make.series(city.device, city.borrower, starts_at=first, states=states)
    client.force_login(city.approver)
    page = client.get(reverse("scheduling:series", args=["owner", sent.pk]))
    assert (page.context["standing"], page.context["off"]) == (2, 2)
    assert "2 · 2 not to be had or called off" in page.text
    assert number_of_dates(sent) == 2


def seen(sent):
    """What a page that shows the dates sends along."""
    rows = SharingRequest.unscoped.filter(series=sent).values_list("pk", "version")
    return [f"{pk}.{version}" for pk, version in rows]


def answer(client, city, sent, **fields):
    client.force_login(city.approver)
    data = {
        "rest": "leave",
        "seen": seen(sent),
        "idempotency_key": f"series-test-{next(_keys):06d}",
    } | fields
    return client.post(reverse("scheduling:series-answer", args=["owner", sent.pk]), data)


def states(sent):
    rows = SharingRequest.unscoped.filter(series=sent).order_by("starts_at")
    return list(rows.values_list("state", flat=True))


def test_the_approver_ticks_some_and_declines_the_others(client, city, first):
    sent = make.series(city.device, city.borrower, starts_at=first, states=("requested",) * 3)
    keys = list(SharingRequest.unscoped.filter(series=sent).order_by("starts_at"))
    page = answer(client, city, sent, pk=[keys[0].pk], rest="decline", reason_code="own_need")
    assert page.status_code == 302
    assert states(sent) == ["approved", "declined", "declined"]


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("pk", {}),
        ("pk", {"pk": ["987654321"]}),
        ("pk", {"pk": ["x"]}),
        ("rest", {"rest": "burn"}),
        ("reason_code", {"rest": "decline"}),
        ("reason_code", {"rest": "decline", "reason_code": "because"}),
    ],
)
def test_a_wrong_answer_decides_nothing(client, city, first, field, fields):
    sent = make.series(city.device, city.borrower, starts_at=first)
    page = answer(client, city, sent, **fields)
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert states(sent) == ["requested", "requested"]


def test_hours_that_one_date_cannot_have_change_no_other(client, city, first):
    sent = make.series(
        city.device, city.borrower, starts_at=first, states=("approved",) * 3, by=city.asker
    )
    rows = list(SharingRequest.unscoped.filter(series=sent).order_by("starts_at"))
    taken(city, rows[1].ends_at)
    client.force_login(city.asker)
    page = client.post(
        reverse("scheduling:request-series-hours", args=["borrower", rows[0].pk]),
        {
            "scope": "following", "starts": "10:00", "ends": "20:00", "days_later": "0",
            "idempotency_key": "series-test-hours",
        },
    )  # fmt: skip
    assert page.status_code == 409
    assert f"{rows[1].starts_at.astimezone(first.tzinfo):%Y-%m-%d}" in page.text
    assert states(sent) == ["approved"] * 3
    assert [row.ends_at for row in rows] == list(
        SharingRequest.unscoped.filter(series=sent)
        .order_by("starts_at")
        .values_list("ends_at", flat=True)
    )


def test_the_pages_of_a_series_ask_no_more_for_more_dates(
    client, city, first, django_assert_max_num_queries
):
    client.force_login(city.approver)
    counts = []
    for number in (2, 20):
        sent = make.series(
            make_device(city), city.borrower, starts_at=first, states=("requested",) * number
        )
        address = reverse("scheduling:series", args=["owner", sent.pk])
        client.get(address)
        with django_assert_max_num_queries(60) as seen:
            client.get(address)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def make_device(city):
    device = make.equipment(city.owner)
    make.offer(device)
    return device
