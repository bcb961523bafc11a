"""A device that is not back: what the next booking, its owner and the late borrower are shown."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from medshare_portal.models import Notification
from scheduling.actions.handovers import HandoverRecord, NotBackYet, give, receive
from scheduling.actions.overdue import escalate_overdue, warn_of_risk
from scheduling.models import SharingRequest
from scheduling.queries.at_risk import at_risk, at_risk_by
from scheduling.states import Stage
from tests import make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
RISK = "At risk: the device is not back yet"


class Late:
    """One ventilator: due back from ``first`` two hours ago, booked by ``second`` in one."""

    def __init__(self, *, back=-2, begins=1, **device):
        self.now = timezone.now()
        self.owner, self.first, self.second = (
            make.institution(name) for name in ("owner", "first", "second")
        )
        self.device = make.equipment(self.owner, last_safety_test=self.now.date(), **device)
        make.offer(self.device)
        self.out = make.sharing_request(
            self.device, self.first, state="underway", by=make.user(at=self.first, role="coordinator"),
            starts_at=self.now - 30 * HOUR, ends_at=self.now + back * HOUR,
        )  # fmt: skip
        self.booked = make.sharing_request(
            self.device, self.second, state="approved", by=make.user(at=self.second, role="coordinator"),
            starts_at=self.now + begins * HOUR, ends_at=self.now + (begins + 8) * HOUR,
        )  # fmt: skip
        self.lender = make.user(at=self.owner, role="coordinator")

    def page(self, client, user, path):
        client.force_login(user)
        with translation.override("en"):
            return client.get(path)


def test_only_what_is_late_puts_the_next_booking_at_risk():
    late = Late()
    assert at_risk([late.booked], now=late.now) == {late.booked.pk}
    assert at_risk([late.booked], now=late.now - 3 * HOUR) == set()  # it is not late then
    assert at_risk([late.out], now=late.now) == set()


def test_a_booking_in_some_days_is_not_at_risk_yet():
    late = Late(begins=30)
    assert at_risk([late.booked], now=late.now) == set()
    assert at_risk_by([late.out], now=late.now) == []


def test_of_a_set_enough_units_may_be_there_all_the_same():
    late = Late(units=3)
    assert at_risk([late.booked], now=late.now) == set()


def test_the_owner_sees_who_waits_and_the_late_borrower_only_from_when(client):
    late = Late()
    path = f"requests/{late.out.pk}/"
    ours = late.page(client, late.lender, f"/at/owner/{path}")
    assert [row.pk for row in ours.context["puts_at_risk"]] == [late.booked.pk]
    assert late.second.name in ours.content.decode()
    theirs = late.page(client, late.out.created_by, f"/at/first/{path}")
    assert theirs.context["waited_for"] == late.booked
    assert "Another hospital has booked it from" in theirs.content.decode()
    assert late.second.name not in theirs.content.decode()


def test_the_owners_home_and_inbox_name_the_booking_and_do_not_offer_to_hand_over(client):
    late = Late()
    for path in ("/at/owner/", "/at/owner/inbox/"):
        page = late.page(client, late.lender, path)
        assert [row.pk for row in page.context["bookings_at_risk"]] == [late.booked.pk]
        assert f"{late.second.name} waits for it from" in page.content.decode()
    home = late.page(client, late.lender, "/at/owner/").content.decode()
    assert "Not back yet" in home
    assert f"/at/owner/requests/{late.booked.pk}/handover/" not in home


def test_the_page_of_the_booking_says_so_and_it_is_not_handed_over(client):
    late = Late()
    path = f"/at/second/requests/{late.booked.pk}/"
    page = late.page(client, late.booked.created_by, path)
    assert RISK in page.content.decode()
    with pytest.raises(NotBackYet):
        give(
            sharing_request=late.booked,
            stage=Stage.HANDOVER,
            record=HandoverRecord(),
            by=late.lender,
            institution=late.owner,
            now=late.now,
        )


def test_handing_over_the_next_booking_is_grey_and_says_why(client):
    late = Late()
    page = late.page(client, late.lender, f"/at/owner/requests/{late.booked.pk}/")
    [step] = [step for step in page.context["greyed"] if step.name == "hand_over"]
    assert str(step.why) == "The device is not back yet from the booking before."


def test_the_next_borrower_is_not_sent_to_collect_it(client):
    late = Late()
    for path in ("/at/second/", "/at/second/borrowing/"):
        page = late.page(client, late.booked.created_by, path).content.decode()
        assert RISK in page
        assert "Ready to collect" not in page
    quiet = late.page(client, late.out.created_by, "/at/first/borrowing/").content.decode()
    assert RISK not in quiet


def test_a_receipt_cannot_be_signed_for_what_another_borrower_still_has():
    late = Late()
    make.handover(late.booked, given_by=late.lender)
    with pytest.raises(NotBackYet):
        receive(
            sharing_request=late.booked,
            stage=Stage.HANDOVER,
            by=late.booked.created_by,
            institution=late.second,
            now=late.now,
        )


def told_of_risk():
    told = Notification.unscoped.filter(event="booking-at-risk")
    return [(row.user_id, row.object_id) for row in told]


def test_the_job_tells_those_whose_booking_is_at_risk_once():
    late = Late()
    for hours in (0, 0, 0.5):
        assert warn_of_risk(now=late.now + hours * HOUR) == 1
    assert told_of_risk() == [(late.booked.created_by_id, late.booked.pk)]


def test_a_booking_is_told_when_it_becomes_at_risk_between_two_levels_of_lateness():
    """Late since two hours, so the next level is at four; it begins in a day and an hour."""
    late = Late(begins=25)
    escalate_overdue(now=late.now)
    assert warn_of_risk(now=late.now) == 0
    assert told_of_risk() == []
    assert warn_of_risk(now=late.now + HOUR) == 1
    assert told_of_risk() == [(late.booked.created_by_id, late.booked.pk)]


def test_an_end_that_was_put_off_and_passed_again_is_told_again():
    late = Late()
    warn_of_risk(now=late.now)
    SharingRequest.unscoped.filter(pk=late.out.pk).update(
        ends_at=late.now + HOUR / 2, blocked_until=late.now + HOUR / 2
    )
    assert warn_of_risk(now=late.now) == 0
    assert warn_of_risk(now=late.now + HOUR) == 1
    assert len(told_of_risk()) == 2
