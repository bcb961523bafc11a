"""What the database itself says of bookings and their states.

Tried with raw SQL, on PostgreSQL and on SQLite alike. Each refusal has a twin: with the guard
taken away the same statement goes through, so the test would notice a guard that is not there.
"""

import pytest
from django.db import IntegrityError, connection, transaction

from medshare_portal.db.guarantees import (
    guarantees,
    install_guarantees,
    missing_guarantees,
    step_aside,
)
from scheduling.states import State
from tests import make
from tests.scheduling.guarantees.raw_sql import (
    HOUR,
    TABLE,
    booked,
    keep,
    refused,
    run,
    shift,
    without,
    without_exclusion,
)

pytestmark = pytest.mark.django_db


def test_every_guarantee_is_installed():
    assert missing_guarantees() == []
    assert len(guarantees.names()) >= 10


def test_a_guarantee_that_was_dropped_is_named_and_comes_back():
    without("request_owner_owns")
    assert missing_guarantees() == ["request_owner_owns"]
    install_guarantees(using="default")
    assert missing_guarantees() == []


def test_before_a_migration_sqlite_has_no_trigger_that_could_name_a_rebuilt_table():
    step_aside(using="default", plan=["a migration"])
    if connection.vendor == "sqlite":
        assert set(missing_guarantees()) == {g.name for g in guarantees if g.sqlite}
    install_guarantees(using="default")
    assert missing_guarantees() == []


def test_with_nothing_to_migrate_the_guarantees_stay():
    step_aside(using="default", plan=[])
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


@pytest.mark.parametrize(
    ("state", "assignment", "constraint"),
    [
        (State.REQUESTED, "decided_at = submitted_at", "request_decision_whole"),
        (
            State.REQUESTED,
            "decided_at = submitted_at, decided_by_id = created_by_id",
            "request_pending_is_undecided",
        ),
        (State.HELD, "hold_expires_at = NULL", "request_hold_expires"),
        (State.DECLINED, "decision_code = ''", "request_declined_with_reason"),
        (State.CANCELLED, "decision_code = ''", "request_declined_with_reason"),
        (State.UNDERWAY, "actual_starts_at = NULL", "request_underway_has_started"),
        (State.FINISHED, "actual_ends_at = NULL", "request_finished_has_ended"),
        (State.FINISHED, "actual_ends_at = '1999-01-01'", "request_finished_has_ended"),
        (State.APPROVED, "suspended_reason = 'papers'", "request_suspended_with_reason"),
        (State.CLOSED, "ended_at = NULL", "request_ended_where_state_says_so"),
    ],
)
def test_a_state_has_what_it_stands_for(device, borrower, start, state, assignment, constraint):
    request = booked(device, borrower, start, state=state)
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


@pytest.fixture
def promised(device, borrower, start):
    """An undecided request that keeps the time which the wait-list offered."""
    return booked(device, borrower, start, state=State.REQUESTED, hold_expires_at=start)


@pytest.mark.parametrize("state", ["held", "approved"])
def test_nothing_holds_time_that_is_promised_until_it_is_decided(promised, borrower, start, state):
    other = booked(promised.resource, borrower, start + 20 * HOUR, state=state)
    assert "request_not_over_promise" in refused(*shift(other, start + 7 * HOUR))
    run(f"UPDATE {TABLE} SET hold_expires_at = NULL WHERE id = %s", promised.pk)
    run(*shift(other, start + 7 * HOUR))


def test_time_is_promised_only_where_it_is_free(promised, borrower, start):
    keeps = f"UPDATE {TABLE} SET hold_expires_at = starts_at WHERE id = %s"
    rival = booked(promised.resource, borrower, start + HOUR, state=State.REQUESTED)
    assert "request_not_over_promise" in refused(keeps, rival.pk)
    booked(promised.resource, borrower, start + 20 * HOUR)
    late = booked(promised.resource, borrower, start + 21 * HOUR, state=State.REQUESTED)
    assert "request_not_over_promise" in refused(keeps, late.pk)
    without("request_leaves_what_is_promised")
    run(keeps, late.pk)


def test_of_a_set_only_what_is_promised_is_kept(borrower, start):
    pumps = make.equipment(make.institution("owner"), units=12)
    booked(pumps, borrower, start, units=7, state=State.REQUESTED, hold_expires_at=start)
    booked(pumps, borrower, start, units=5)
    with pytest.raises(IntegrityError, match="request_not_over_promise"), transaction.atomic():
        booked(pumps, borrower, start, units=1)
