"""A device goes out of order and comes back: its bookings' sides are told at once, and once."""

import pytest
from django.db import connection
from django.utils import translation

from medshare_portal.models import Notification
from medshare_portal.notices import registry
from resources.actions.equipment_status import set_state
from resources.models import Equipment
from scheduling.actions import faults, outages
from scheduling.models import SharingRequest
from scheduling.states import State
from tests import make
from tests.scheduling.actions.loan import HOUR

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(city, now):
    def book(hours, borrower=city.borrower, state=State.APPROVED):
        person = make.user(at=borrower, role="coordinator")
        return make.sharing_request(
            city.resource, borrower, state=state, by=person, decided_by=city.approver,
            starts_at=now + hours * HOUR, ends_at=now + (hours + 4) * HOUR,
        )  # fmt: skip

    return book


def state(city, status, now, by=None):
    return set_state(
        resource=city.resource, status=status, note="Alarm 42", by=by or city.engineer, now=now
    )


def told(event):
    rows = Notification.unscoped.filter(event=event).order_by("object_id", "user")
    return list(rows.values_list("object_id", "user"))


def test_the_borrower_of_each_booking_is_told_and_the_owner_once(city, book, now):
    first, second = book(24), book(48, borrower=make.institution("second"))
    state(city, "down", now)
    assert told("device-down") == sorted(
        [(first.pk, first.created_by_id), (first.pk, city.approver.pk),
         (second.pk, second.created_by_id)]
    )  # fmt: skip
    state(city, "maintenance", now + HOUR)
    assert outages.tell(now=now + HOUR) == 0
    assert len(told("device-down")) == 3
    state(city, "degraded", now + 2 * HOUR)
    assert len(told("device-back")) == 3


def test_only_bookings_are_told(city, book, now):
    for hours, what in ((1, State.REQUESTED), (10, State.CANCELLED), (20, State.COUNTERED)):
        book(hours, state=what)
    state(city, "down", now)
    assert told("device-down") == []


def test_whoever_changed_the_record_the_job_tells(city, book, now):
    booked = book(24)
    Equipment.unscoped.filter(pk=city.resource.pk).update(status="lost", status_note="?")
    assert outages.tell(now=now) == 1
    assert outages.tell(now=now) == 0
    assert (booked.pk, booked.created_by_id) in told("device-down")


def test_the_sides_of_the_loan_in_which_it_failed_know_already(city, book, now):
    out, booked = book(-2, state=State.UNDERWAY), book(24)
    reporter = out.created_by
    faults.report(
        sharing_request=out, what="Alarm 42", harm=False, stopped=True, by=reporter, now=now
    )
    assert {pk for pk, _person in told("device-down")} == {booked.pk}


def test_a_notice_that_the_state_has_overtaken_is_not_sent(city, book, now):
    book(24)
    state(city, "down", now)
    sent = Notification.unscoped.filter(event="device-down").first()
    assert registry["device-down"].still_relevant(sent)
    Equipment.unscoped.filter(pk=city.resource.pk).update(status="operational")
    assert not registry["device-down"].still_relevant(sent)


@pytest.mark.parametrize("side", ["owner", "borrower"])
def test_the_request_and_the_lists_carry_the_mark(city, book, now, client, side):
    booked = book(24)
    SharingRequest.unscoped.filter(pk=booked.pk).update(outage_told_at=now)
    client.force_login(city.lender if side == "owner" else booked.created_by)
    pages = {"owner": "lending", "borrower": "borrowing"}
    for page in (f"requests/{booked.pk}/", f"{pages[side]}/"):
        with translation.override("en"):
            before = client.get(f"/at/{side}/{page}").content.decode()
            Equipment.unscoped.filter(pk=city.resource.pk).update(status="down")
            after = client.get(f"/at/{side}/{page}").content.decode()
            Equipment.unscoped.filter(pk=city.resource.pk).update(status="operational")
        assert "The device is out of order" not in before
        assert "The device is out of order" in after


@pytest.mark.postgresql
def test_the_resource_is_locked_first_and_the_audit_chain_last(city, now):
    statements = []

    def noted(execute, sql, *rest):
        statements.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(noted):
        state(city, "down", now)
    locked = [statement for statement in statements if "FOR UPDATE" in statement]
    tables = [statement.split('FROM "')[1].split('"')[0] for statement in locked]
    assert (tables[0], tables[-1]) == ("resources_resource", "medshare_portal_auditchain")
    assert tables.index("resources_equipment") < tables.index("medshare_portal_auditchain")
