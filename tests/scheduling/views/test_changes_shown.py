"""The forms for new times show what follows before they are sent."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from scheduling.models import TimeChange
from tests import make
from tests.races.arena import typed

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def now():
    return timezone.now().replace(minute=0, second=0, microsecond=0)


@pytest.fixture
def city(now):
    owner, borrower = make.institution("owner"), make.institution("borrower")
    device = make.equipment(owner, last_safety_test=now.date())
    make.offer(device, now=now)
    return make.sharing_request(
        device, borrower, state="underway", now=now, starts_at=now - 2 * HOUR,
        ends_at=now + 48 * HOUR, agreement_accepted_at=now,
    )  # fmt: skip


def test_an_end_is_tried_out_by_a_button_that_puts_nothing_into_the_address(city, now):
    asker = signed_in(city.borrower, "coordinator")
    address = reverse("scheduling:request-extend", args=[city.borrower.slug, city.pk])
    sent = {"new_ends_at": typed(now + 50 * HOUR), "reason": "Patient still on it", "do": "try"}
    answer = asker.post(address, sent)
    assert (answer.status_code, answer.context["tried"]) == (200, True)
    assert "Patient still on it" in answer.content.decode()
    assert asker.post(address, sent | {"new_ends_at": "soon"}).status_code == 422
    assert asker.post(address, {"do": "try"}).status_code == 422
    assert not TimeChange.unscoped.exists()


def signed_in(at, *roles):
    client = Client()
    client.force_login(make.user(at=at, roles=roles))
    return client


def page(client, at, name, row, **query):
    return client.get(reverse(f"scheduling:{name}", args=[at.slug, row.pk]), query)


@pytest.fixture
def next_one(city, now):
    third = make.institution("third", name_en="CANARYTHIRD", name_zh="CANARYTHIRD")
    return make.sharing_request(
        city.resource, third, state="approved", now=now, starts_at=now + 60 * HOUR,
        ends_at=now + 70 * HOUR,
    )  # fmt: skip


@pytest.fixture
def free_unit(now):
    unit = make.equipment(
        make.institution("fourth"), last_safety_test=now.date(), confirmed_at=now, code="FREE-1"
    )
    make.offer(unit, now=now)
    return unit


def test_the_borrower_sees_when_it_is_needed_next_and_never_by_whom(city, next_one):
    asker = signed_in(city.borrower, "coordinator")
    answer = page(asker, city.borrower, "request-extend", city)
    assert "Another booking needs it from" in answer.content.decode()
    assert "at the latest" in answer.content.decode()
    assert b"CANARYTHIRD" not in answer.content


def test_an_end_is_tried_out_without_asking(city, next_one, free_unit, now):
    asker = signed_in(city.borrower, "coordinator")
    free = page(asker, city.borrower, "request-extend", city, new_ends_at=typed(now + 50 * HOUR))
    assert "Every check passes" in free.content.decode()
    taken = page(asker, city.borrower, "request-extend", city, new_ends_at=typed(now + 65 * HOUR))
    text = taken.content.decode()
    assert "Every check passes" not in text
    assert "FREE-1" in text
    assert f"/resources/{free_unit.pk}/request/?" in text
    assert not TimeChange.unscoped.exists()


@pytest.mark.parametrize("end", ["", "x", "0001-01-01T00:00", "99999-01-01T00:00"])
def test_a_wrong_end_is_tried_out_in_vain(city, end):
    asker = signed_in(city.borrower, "coordinator")
    answer = page(asker, city.borrower, "request-extend", city, new_ends_at=end)
    assert answer.status_code == 400
    assert "new_ends_at" in answer.context["form"].errors
    assert "Every check passes" not in answer.content.decode()


def test_an_earlier_end_is_not_tried_out_in_silence(city, now):
    asker = signed_in(city.borrower, "coordinator")
    end = typed(city.ends_at - HOUR)
    answer = page(asker, city.borrower, "request-extend", city, new_ends_at=end)
    assert answer.status_code == 400
    assert "The new end must be after the present end." in answer.content.decode()


def test_a_blocked_extension_shows_what_is_free_instead(city, next_one, free_unit, now):
    asker = signed_in(city.borrower, "coordinator")
    answer = asker.post(
        reverse("scheduling:request-extend", args=[city.borrower.slug, city.pk]),
        {
            "new_ends_at": typed(now + 65 * HOUR),
            "reason": "Longer",
            "idempotency_key": "a-key-of-a-form",
        },
    )
    assert answer.status_code == 409
    assert "FREE-1" in answer.content.decode()
    assert not TimeChange.unscoped.exists()


def test_the_owner_sees_by_name_whom_an_extension_would_cross(city, next_one, now):
    third = next_one.borrower
    wish = make.sharing_request(
        city.resource, third, now=now, starts_at=now + 49 * HOUR, ends_at=now + 55 * HOUR
    )
    make.time_change(city, new_ends_at=now + 52 * HOUR, by=city.created_by, now=now)
    text = page(signed_in(city.owner, "approver"), city.owner, "request-extension", city).content
    assert b"CANARYTHIRD" in text
    assert wish.reference.encode() in text
    assert next_one.reference.encode() in text


def test_a_recall_begins_at_the_earliest_end_and_names_what_the_owner_may_see(city, free_unit, now):
    hidden = make.equipment(
        make.institution("fifth"), last_safety_test=now.date(), confirmed_at=now, code="HIDDEN-1",
        visibility="named",
    )  # fmt: skip
    make.offer(hidden, now=now)
    hidden.audience.create(institution=city.borrower)
    approver = signed_in(city.owner, "approver")
    answer = page(approver, city.owner, "request-recall", city)
    text = answer.content.decode()
    assert "FREE-1" in text
    assert "HIDDEN-1" not in text
    filled_in = answer.context["form"].initial["new_ends_at"]
    assert timezone.now() + 24 * HOUR + timedelta(minutes=5) < filled_in < now + 26 * HOUR


def test_a_recall_that_cannot_keep_its_promise_says_so(city, now):
    city.__class__.unscoped.filter(pk=city.pk).update(recall_notice_hours=72)
    approver = signed_in(city.owner, "approver")
    assert (
        "due back before that"
        in page(approver, city.owner, "request-recall", city).content.decode()
    )


def test_what_a_recall_fills_in_is_taken_before_the_loan_has_begun_too(city, next_one):
    approver = signed_in(city.owner, "approver")
    shown = page(approver, city.owner, "request-recall", next_one)
    assert (
        reverse("scheduling:request-cancel", args=["owner", next_one.pk]) in shown.content.decode()
    )
    end = shown.context["form"].initial["new_ends_at"]
    answer = approver.post(
        shown.request["PATH_INFO"],
        {"new_ends_at": typed(end), "reason": "repair", "idempotency_key": "before-it-began"},
    )
    assert answer.status_code == 302
    next_one.refresh_from_db()
    assert next_one.starts_at < next_one.ends_at == end


def test_the_request_instead_is_filled_in_like_the_one_that_was_lost(city, free_unit, now):
    asker = signed_in(city.borrower, "coordinator")
    address = reverse("scheduling:request-create", args=[city.borrower.slug, free_unit.pk])
    wish = {"starts_at": typed(now + 24 * HOUR), "ends_at": typed(now + 30 * HOUR)}
    shown = asker.get(address, wish | {"instead_of": city.pk}).content.decode()
    assert city.purpose in shown
    stranger = signed_in(make.institution("sixth"), "coordinator")
    foreign = reverse("scheduling:request-create", args=["sixth", free_unit.pk])
    for number in (city.pk, "x", "9" * 30, ""):
        text = stranger.get(foreign, wish | {"instead_of": number}).content.decode()
        assert city.purpose not in text


def test_what_stands_in_the_way_is_said_once_and_by_name(city, now):
    client = signed_in(city.borrower, "coordinator")
    far = now + timedelta(days=400)
    address = reverse("scheduling:request-extend", args=[city.borrower.slug, city.pk])
    posted = client.post(
        address,
        {"new_ends_at": typed(far), "reason": "More", "idempotency_key": "far-end-000001"},
    )
    tried = page(client, city.borrower, "request-extend", city, new_ends_at=typed(far))
    for shown in (posted.text, tried.text):
        assert shown.count("GEN-13") == 1
        assert "Stop: Too far ahead" in shown
        assert "Time is already past" not in shown
