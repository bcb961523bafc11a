"""What the database itself refuses, tried with raw SQL, on PostgreSQL and on SQLite alike.

Each refusal has a twin: with the guard taken away the same statement goes through, so the test
would notice a guard that is not there.
"""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from medshare_portal import audit
from medshare_portal.db.guarantees import guarantees, install_guarantees, missing_guarantees
from resources.actions.equipment_use import record_shared_use
from scheduling.models import SharingRequest
from scheduling.states import State
from tests import make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
TABLE = "scheduling_sharingrequest"


def run(sql, *params):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


def refused(sql, *params):
    with pytest.raises(DatabaseError) as error:
        run(sql, *params)
    return str(error.value)


def without(name):
    """Take a guard away: a trigger, or PostgreSQL's exclusion constraint of the same truth."""
    guarantee = guarantees[name]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP TRIGGER {name} ON {guarantee.table}")
        else:
            for event in guarantee.events:
                cursor.execute(f"DROP TRIGGER {name}_{event.lower()}")


def without_exclusion():
    if connection.vendor == "postgresql":
        run(f"ALTER TABLE {TABLE} DROP CONSTRAINT request_no_double_booking")


@pytest.fixture
def start():
    return timezone.now() + 24 * HOUR


@pytest.fixture
def device():
    return make.equipment(make.institution("owner"))


@pytest.fixture
def borrower():
    return make.institution("borrower")


def booked(device, borrower, start, hours=8, **fields):
    fields.setdefault("state", State.APPROVED)
    return make.sharing_request(
        device, borrower, starts_at=start, ends_at=start + hours * HOUR, **fields
    )


def shift(request, start, hours=8):
    """Raw SQL that moves a request to other times."""
    return (
        f"UPDATE {TABLE} SET starts_at = %s, ends_at = %s, blocked_from = %s, blocked_until = %s "
        "WHERE id = %s",
        start,
        start + hours * HOUR,
        start,
        start + hours * HOUR,
        request.pk,
    )


def test_every_guarantee_is_installed():
    assert missing_guarantees() == []
    assert len(guarantees.names()) >= 10


def test_a_guarantee_that_was_dropped_is_named_and_comes_back():
    without("request_owner_owns")
    assert missing_guarantees() == ["request_owner_owns"]
    install_guarantees(using="default")
    assert missing_guarantees() == []


@pytest.mark.parametrize("state", [*State.HOLDS_CAPACITY])
def test_two_holding_requests_of_one_unit_never_overlap(device, borrower, start, state):
    booked(device, borrower, start)
    other = booked(device, borrower, start + 20 * HOUR, state=state)
    message = refused(*shift(other, start + 7 * HOUR))
    assert "request_no_double_booking" in message


def test_neighbours_may_touch(device, borrower, start):
    booked(device, borrower, start)
    other = booked(device, borrower, start + 20 * HOUR)
    run(*shift(other, start + 8 * HOUR))


def test_the_buffer_counts(device, borrower, start):
    booked(device, borrower, start, blocked_until=start + 10 * HOUR)
    other = booked(device, borrower, start + 20 * HOUR)
    assert "request_no_double_booking" in refused(*shift(other, start + 9 * HOUR))


def test_without_the_guards_the_overlap_goes_through(device, borrower, start):
    without("request_holds_free_time")
    without_exclusion()
    booked(device, borrower, start)
    other = booked(device, borrower, start + 20 * HOUR)
    run(*shift(other, start + 7 * HOUR))


def test_undecided_and_ended_requests_may_overlap(device, borrower, start):
    booked(device, borrower, start)
    for state in (State.REQUESTED, State.DECLINED, State.CANCELLED, State.CLOSED):
        booked(device, borrower, start, state=state)


def test_a_request_becomes_a_booking_only_in_free_time(device, borrower, start):
    booked(device, borrower, start)
    waiting = booked(device, borrower, start + HOUR, state=State.REQUESTED)
    message = refused(
        f"UPDATE {TABLE} SET state = 'approved', decided_at = %s, decided_automatically = %s "
        "WHERE id = %s",
        start,
        True,
        waiting.pk,
    )
    assert "request_no_double_booking" in message


def test_a_set_is_never_lent_beyond_its_units(borrower, start):
    pumps = make.equipment(make.institution("owner"), units=12)
    booked(pumps, borrower, start, units=7)
    booked(pumps, borrower, start + 4 * HOUR, units=5)
    with pytest.raises(IntegrityError, match="request_within_units"), transaction.atomic():
        booked(pumps, borrower, start + 6 * HOUR, units=1)
    booked(pumps, borrower, start + 8 * HOUR, units=7)


def keep(device, start, hours):
    """The owner's own use."""
    person = make.user(at=device.institution, role="coordinator")
    return make.block(device, start, start + hours * HOUR, by=person)


def test_a_booking_never_lies_over_the_owners_block(device, borrower, start):
    keep(device, start, 4)
    with pytest.raises(IntegrityError, match="request_not_over_block"), transaction.atomic():
        booked(device, borrower, start + HOUR)
    without("request_holds_free_time")
    booked(device, borrower, start + HOUR)


def test_a_block_never_lies_over_a_booking(device, borrower, start):
    booked(device, borrower, start)
    with pytest.raises(IntegrityError, match="block_not_over_booking"), transaction.atomic():
        keep(device, start + HOUR, 1)
    without("block_not_over_booking")
    keep(device, start + HOUR, 1)


def test_the_owner_of_a_request_is_the_institution_of_its_resource(device, borrower, start):
    request = booked(device, borrower, start)
    stranger = make.institution("stranger")
    sql = f"UPDATE {TABLE} SET owner_id = %s WHERE id = %s"
    assert "request_owner_owns" in refused(sql, stranger.pk, request.pk)
    without("request_owner_owns")
    run(sql, stranger.pk, request.pk)


def test_nobody_borrows_from_oneself(device, borrower, start):
    request = booked(device, borrower, start)
    message = refused(f"UPDATE {TABLE} SET borrower_id = owner_id WHERE id = %s", request.pk)
    assert "request_not_to_oneself" in message


@pytest.mark.parametrize(
    ("assignment", "constraint"),
    [
        ("ends_at = starts_at", "request_ends_after_start"),
        ("blocked_until = starts_at", "request_ends_after_start"),
        ("starts_at = NULL", "request_has_times_or_quantity"),
        ("units = 0", "request_units_positive"),
        ("priority = 'whenever'", "request_priority_known"),
        ("decided_by_id = NULL", "request_decision_whole"),
        ("decided_at = NULL, decided_by_id = NULL", "request_decided_where_state_says_so"),
        ("submitted_at = NULL", "request_sent_when_past_hold"),
        ("ended_at = starts_at", "request_ended_where_state_says_so"),
    ],
)
def test_incoherent_columns_are_refused(device, borrower, start, assignment, constraint):
    request = booked(device, borrower, start)
    assert constraint in refused(f"UPDATE {TABLE} SET {assignment} WHERE id = %s", request.pk)


def test_a_state_that_does_not_exist_is_refused(device, borrower, start):
    booked(device, borrower, start, state=State.REQUESTED)
    without("request_moves_as_the_workflow_says")
    assert "request_state_known" in refused(f"UPDATE {TABLE} SET state = 'dreaming'")


def test_a_move_that_the_workflow_does_not_know_is_refused(device, borrower, start):
    booked(device, borrower, start, state=State.REQUESTED)
    sql = f"UPDATE {TABLE} SET state = 'held', hold_expires_at = created_at"
    assert "request_illegal_transition" in refused(sql)
    without("request_moves_as_the_workflow_says")
    run(sql)


def test_units_of_a_booked_resource_stay(borrower, start):
    pumps = make.equipment(make.institution("owner"), units=12)
    booked(pumps, borrower, start, units=7)
    sql = "UPDATE resources_resource SET units = 1 WHERE id = %s"
    assert "resource_units_are_booked" in refused(sql, pumps.pk)
    without("resource_keeps_what_is_booked")
    run(sql, pumps.pk)


APPEND_ONLY = ["scheduling_transitionlog", "medshare_portal_auditevent", "resources_uselogentry"]


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_records_are_neither_changed_nor_removed(device, borrower, start, table):
    _one_row_in(table, device, borrower, start)
    assert "append-only" in refused(f"UPDATE {table} SET id = id + 1000")
    assert "append-only" in refused(f"DELETE FROM {table}")
    without(f"{table}_append_only")
    run(f"DELETE FROM {table}")


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_sqlite_does_not_replace_a_record(device, borrower, start, table):
    if connection.vendor != "sqlite":
        return  # its INSERT OR REPLACE takes a row away without a delete trigger
    _one_row_in(table, device, borrower, start)
    sql = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1"
    assert "append-only" in refused(sql)
    without(f"{table}_never_replaced")
    run(sql)


def _one_row_in(table, device, borrower, start):
    request = booked(device, borrower, start)
    audit.record(chains=["owner"], by=None, action="test", obj=request, now=start)
    record_shared_use(
        resource=device,
        user_institution=borrower,
        starts_at=start,
        ends_at=start + HOUR,
        counter_start=1,
        counter_end=2,
        now=start,
    )


def test_a_resource_stands_at_a_site_of_its_institution(device):
    foreign = make.institution("stranger").sites.first()
    sql = "UPDATE resources_resource SET site_id = %s WHERE id = %s"
    assert "resource_site_and_category_fit" in refused(sql, foreign.pk, device.pk)


@pytest.mark.parametrize("table", ["resources_offer", "resources_offeredinterval"])
def test_rows_of_a_resource_belong_to_its_institution(device, table):
    make.offer(device)
    stranger = make.institution("stranger")
    message = refused(f"UPDATE {table} SET institution_id = %s", stranger.pk)
    assert "_of_its_resource" in message


def test_one_published_offer_per_resource(device):
    make.offer(device)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.offer(device)


def test_the_same_form_is_stored_once(borrower):
    person = make.user(at=borrower, role="coordinator")
    sql = (
        "INSERT INTO medshare_portal_submittedform (user_id, key, digest, result_url, created_at) "
        "VALUES (%s, 'same-key-1', 'd', '', %s)"
    )
    run(sql, person.pk, timezone.now())
    assert "unique" in refused(sql, person.pk, timezone.now()).lower()


def test_requests_stay_what_they_were_after_a_refusal(device, borrower, start):
    request = booked(device, borrower, start)
    refused(f"UPDATE {TABLE} SET units = 0 WHERE id = %s", request.pk)
    assert SharingRequest.unscoped.get(pk=request.pk).units == 1
