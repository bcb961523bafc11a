"""The owner answers all dates on one page, and calls what is to come off."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from medshare_portal.models import Notification
from resources.models import Equipment
from scheduling.models import SharingRequest
from tests import make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def owner():
    return make.institution("owner")


@pytest.fixture
def borrower():
    return make.institution("borrower")


@pytest.fixture
def device(owner):
    found = make.equipment(owner, last_safety_test=timezone.now().date())
    make.offer(found, recall_notice_hours=72)
    return found


@pytest.fixture
def approver(client, owner):
    person = make.user(at=owner, role="approver")
    client.force_login(person)
    return person


def dates(sent) -> list[SharingRequest]:
    return list(sent.dates.order_by("starts_at"))


def states(sent) -> list[str]:
    return [row.state for row in dates(sent)]


def post(client, name, sent, **fields):
    seen = [f"{row.pk}.{row.version}" for row in dates(sent)]
    data = {"rest": "leave", "seen": seen, "idempotency_key": uuid4().hex} | fields
    return client.post(reverse(f"scheduling:{name}", args=["owner", sent.pk]), data)


def test_the_page_says_who_asks_and_why(client, device, borrower, approver):
    sent = make.series(device, borrower)
    sent.dates.update(purpose="Lists of the second theatre")
    page = client.get(reverse("scheduling:series", args=["owner", sent.pk])).text
    assert "Lists of the second theatre" in page
    assert str(sent.created_by) in page


def test_boxes_stay_as_they_were_sent(client, device, borrower, approver):
    sent = make.series(device, borrower, states=("requested",) * 3)
    page = post(client, "series-answer", sent, pk=[dates(sent)[1].pk], rest="decline")
    assert page.status_code == 422
    assert [row.ticked for row in page.context["rows"]] == [False, True, False]


def test_a_date_that_the_page_did_not_show_is_not_declined(client, device, borrower, approver):
    sent = make.series(device, borrower, states=("requested",) * 3)
    shown = [f"{row.pk}.{row.version}" for row in dates(sent)[:2]]
    post(
        client, "series-answer", sent, seen=shown, pk=[dates(sent)[0].pk], rest="decline",
        reason_code="own_need",
    )  # fmt: skip
    assert states(sent) == ["approved", "declined", "requested"]


def test_a_date_that_has_changed_since_is_not_approved(client, device, borrower, approver):
    sent = make.series(device, borrower)
    shown = [f"{row.pk}.{row.version}" for row in dates(sent)]
    sent.dates.filter(pk=dates(sent)[0].pk).update(version=7)
    post(client, "series-answer", sent, seen=shown, pk=[row.pk for row in dates(sent)])
    assert states(sent) == ["requested", "approved"]


def test_a_warning_is_passed_with_one_reason_for_all_dates(client, device, borrower, approver):
    Equipment.unscoped.filter(resource=device).update(status="degraded", status_note="One wheel")
    sent = make.series(device, borrower)
    page = client.get(reverse("scheduling:series", args=["owner", sent.pk]))
    assert [row.ticked for row in page.context["rows"]] == [False, False]
    assert [field.name for field in page.context["form"].reasons] == ["accepted_EQ-01"]
    keys = [row.pk for row in dates(sent)]
    silent = post(client, "series-answer", sent, pk=keys)
    assert (silent.status_code, states(sent)) == (422, ["requested"] * 2)
    assert "accepted_EQ-01" in silent.context["form"].errors
    post(client, "series-answer", sent, pk=keys, **{"accepted_EQ-01": "They know"})
    assert states(sent) == ["approved"] * 2
    assert [entry["reason"] for entry in dates(sent)[1].accepted_findings] == ["They know"]


def recall(client, sent, **fields):
    return post(client, "series-recall", sent, **{"reason_code": "own_need"} | fields)


def test_what_is_far_enough_ahead_is_called_off(client, device, borrower, approver):
    """Tomorrow's lies within the promised three days: it stays, and the page says so."""
    sent = make.series(device, borrower, states=("approved", "approved", "requested"))
    sent.dates.update(recall_notice_hours=72)
    page = client.get(reverse("scheduling:series-recall", args=["owner", sent.pk]))
    assert [row.pk for row in page.context["stays"]] == [dates(sent)[0].pk]
    assert recall(client, sent).status_code == 302
    assert states(sent) == ["approved", "cancelled", "declined"]
    assert [row.decision_code for row in dates(sent)] == ["", "own_need", "own_need"]
    told = Notification.unscoped.filter(user=sent.created_by).values_list("event", flat=True)
    assert sorted(told) == ["booking-cancelled", "request-declined"]


@pytest.mark.parametrize("code", ["", "moved", "no_longer_needed", "burn"])
def test_no_other_reason_than_an_owners_calls_a_series_off(
    client, device, borrower, approver, code
):
    sent = make.series(device, borrower, states=("approved", "approved"))
    assert recall(client, sent, reason_code=code).status_code == 422
    assert states(sent) == ["approved"] * 2


def test_nothing_to_come_is_said(client, device, borrower, approver):
    past = timezone.now() - 40 * 24 * HOUR
    sent = make.series(device, borrower, states=("closed", "no_show"), starts_at=past)
    page = recall(client, sent)
    assert (page.status_code, states(sent)) == (422, ["closed", "no_show"])


def test_the_borrower_does_not_call_off_as_the_owner(client, device, borrower):
    sent = make.series(device, borrower, states=("approved",))
    client.force_login(make.user(at=borrower, role="coordinator"))
    address = reverse("scheduling:series-recall", args=["borrower", sent.pk])
    assert client.get(address).status_code in (403, 404)


def test_the_second_click_on_one_answer_is_told_what_the_first_was_told(
    client, device, borrower, approver
):
    sent = make.series(device, borrower)
    ticked = {"pk": [row.pk for row in dates(sent)], "seen": [], "idempotency_key": uuid4().hex}
    ticked["seen"] = [f"{row.pk}.{row.version}" for row in dates(sent)]
    first, second = (post(client, "series-answer", sent, **ticked) for _click in range(2))
    assert (first.status_code, first.url) == (second.status_code, second.url)
    assert first.status_code == 302
    other = post(client, "series-answer", sent, **ticked | {"idempotency_key": uuid4().hex})
    assert other.status_code == 422
