"""What the borrower is offered when a device is taken back or not back in time."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from scheduling.actions.handovers import HandoverRecord, NotBackYet, give
from scheduling.states import Stage
from tests import make
from tests.scheduling.views.requests.steps import (
    HOUR,
    loan,
)

pytestmark = pytest.mark.django_db


def recalled(device, borrower, now, **changes):
    row = loan(device, borrower, now, "approved", ends_at=now + 48 * HOUR)
    fields = {"kind": "recall", "new_ends_at": row.ends_at, "old_ends_at": now + 60 * HOUR}
    fields |= {"status": "agreed", "decided_at": now, "due_at": None, "by": row.created_by}
    make.time_change(row, **fields | changes)
    return row


def test_after_a_recall_the_borrower_is_offered_other_units_for_the_rest(
    client, device, owner, borrower, now
):
    row = recalled(device, borrower, now)
    spare = make.equipment(make.institution("xihu"), code="SPARE", last_safety_test=now.date())
    make.offer(spare)
    client.force_login(make.user(at=borrower, role="coordinator"))
    lost = client.get(f"/at/dongbei/requests/{row.pk}/").context["lost"]
    [line] = lost["ranking"]["rows"]
    assert (line["code"], line["warning"], lost["rows"]) == ("SPARE", "", [])
    asked = client.get(line["url"]).context["form"]
    assert asked["starts_at"].initial == now + 48 * HOUR
    assert asked["ends_at"].initial == now + 60 * HOUR
    assert client.get(lost["find_url"]).context["result"].fully_free == 2  # with the recalled unit
    client.force_login(make.user(at=owner, role="approver"))
    assert client.get(f"/at/renhe/requests/{row.pk}/").context["lost"] is None


def test_where_nothing_is_free_for_the_rest_the_page_says_so(client, device, borrower, now):
    row = recalled(device, borrower, now)
    client.force_login(make.user(at=borrower, role="coordinator"))
    page = client.get(f"/at/dongbei/requests/{row.pk}/")
    lost = page.context["lost"]
    assert (lost["rows"], lost["ranking"]["rows"]) == ([], [])
    assert "At present nothing of this sort can be had for it." in page.content.decode()


def test_who_may_not_ask_is_offered_nothing(client, device, borrower, now):
    row = recalled(device, borrower, now)
    client.force_login(make.user(at=borrower, role="viewer"))
    assert client.get(f"/at/dongbei/requests/{row.pk}/").context["lost"] is None


def test_a_booking_whose_device_is_not_back_says_so_and_is_not_handed_over(client):
    now = timezone.now()
    owner, first, second = (make.institution(name) for name in ("owner", "first", "second"))
    device = make.equipment(owner, last_safety_test=now.date())
    make.offer(device)
    hour = timedelta(hours=1)
    late = {"starts_at": now - 30 * hour, "ends_at": now - 2 * hour}
    make.sharing_request(device, first, state="underway", **late)
    next_one = {"starts_at": now + hour, "ends_at": now + 9 * hour}
    booking = make.sharing_request(device, second, state="approved", **next_one)
    asker, lender = (
        make.user(at=second, role="coordinator"),
        make.user(at=owner, role="coordinator"),
    )
    with translation.override("en"):
        client.force_login(asker)
        page = client.get(f"/at/second/requests/{booking.pk}/").content.decode()
        assert "At risk: the device is not back yet" in page
    with pytest.raises(NotBackYet):
        give(
            sharing_request=booking,
            stage=Stage.HANDOVER,
            record=HandoverRecord(),
            by=lender,
            institution=owner,
            now=now,
        )
