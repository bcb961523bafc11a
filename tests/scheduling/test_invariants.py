"""check_invariants must be able to fail: each truth is broken once by raw SQL and then named."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from medshare_portal import audit
from medshare_portal.db.guarantees import guarantees
from scheduling.guards import missing_guards
from scheduling.invariants import INVARIANTS, breaches
from scheduling.models import SharingRequest
from scheduling.states import State
from tests import make

pytestmark = pytest.mark.django_db
REQUEST = "scheduling_sharingrequest"


def run(statement, *params):
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def switch_off(*names):
    """Drop triggers by the name of their guarantee; the test's transaction brings them back."""
    for guarantee in guarantees:
        if guarantee.name not in names:
            continue
        if connection.vendor == "postgresql":
            run(f"DROP TRIGGER {guarantee.name} ON {guarantee.table}")
            continue
        for event in guarantee.events:
            run(f"DROP TRIGGER {guarantee.name}_{event.lower()}")


def switch_off_exclusion():
    if connection.vendor == "postgresql":
        run("SET CONSTRAINTS ALL IMMEDIATE")  # else the table cannot be altered
        run(f"ALTER TABLE {REQUEST} DROP CONSTRAINT request_no_double_booking")


def switch_off_check(table, name):
    """PostgreSQL drops a check; SQLite ignores them all on this connection."""
    if connection.vendor == "postgresql":
        run("SET CONSTRAINTS ALL IMMEDIATE")
        run(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    else:
        run("PRAGMA ignore_check_constraints = 1")


@pytest.fixture(autouse=True)
def checks_on_again():
    yield
    if connection.vendor == "sqlite":
        run("PRAGMA ignore_check_constraints = 0")


@pytest.fixture
def hospitals():
    return make.institution("owner"), make.institution("borrower")


@pytest.fixture
def booking(hospitals):
    owner, borrower = hospitals
    return make.sharing_request(make.equipment(owner), borrower, state=State.APPROVED)


def named():
    return {(breach.invariant, breach.text) for breach in breaches()}


def test_nothing_is_named_where_all_is_true(booking):
    make.offer(make.equipment(booking.owner))
    audit.record(chains=["owner"], by=None, action="x", obj=booking, now=timezone.now())

    assert named() == set()
    assert list(missing_guards()) == []


def test_a_double_booking_is_named(booking):
    switch_off("request_holds_free_time")
    switch_off_exclusion()
    other = make.sharing_request(
        booking.resource,
        booking.borrower,
        state=State.HELD,
        starts_at=booking.ends_at - timedelta(hours=1),
        ends_at=booking.ends_at + timedelta(hours=3),
    )

    text = (
        f"requests {booking.pk} and {other.pk} hold resource {booking.resource_id} at the same time"
    )
    assert ("one booking at a time", text) in named()


def test_too_many_units_are_named(hospitals):
    owner, borrower = hospitals
    pumps = make.equipment(owner, units=12)
    first = make.sharing_request(pumps, borrower, state=State.APPROVED, units=7)
    switch_off("request_holds_free_time")
    make.sharing_request(
        pumps,
        borrower,
        state=State.APPROVED,
        units=6,
        starts_at=first.starts_at,
        ends_at=first.ends_at,
    )

    text = f"when request {first.pk} begins, 13 units of resource {pumps.pk} are taken, it has 12"
    assert ("no more units than there are", text) in named()


def test_a_block_over_a_booking_is_named(booking):
    switch_off("block_not_over_booking")
    engineer = make.user(at=booking.owner, role="biomedical_engineer")
    block = make.block(booking.resource, booking.starts_at, booking.ends_at, by=engineer)

    text = f"block {block.pk} lies over request {booking.pk} of resource {booking.resource_id}"
    assert named() == {("no booking over the owner's time", text)}


def test_a_false_owner_is_named(booking):
    stranger = make.institution("stranger")
    switch_off("request_owner_owns")
    run(f"UPDATE {REQUEST} SET owner_id = %s WHERE id = %s", stranger.pk, booking.pk)

    text = (
        f"request {booking.pk} names institution {stranger.pk} as owner, "
        f"the resource is of {booking.resource.institution_id}"
    )
    assert named() == {("the owner owns", text)}


def test_borrowing_from_oneself_is_named(booking):
    switch_off_check(REQUEST, "request_not_to_oneself")
    run(f"UPDATE {REQUEST} SET borrower_id = owner_id WHERE id = %s", booking.pk)

    text = f"request {booking.pk} has one institution on both sides"
    assert named() == {("nobody borrows from itself", text)}


def test_a_state_without_its_decision_is_named(booking):
    for name in ("request_decision_whole", "request_decided_where_state_says_so"):
        switch_off_check(REQUEST, name)
    run(f"UPDATE {REQUEST} SET decided_at = NULL, decided_by_id = NULL WHERE id = %s", booking.pk)

    text = f"request {booking.pk} is approved, its decision does not fit"
    assert named() == {("decided where the state says so", text)}


def test_a_state_that_the_log_does_not_lead_to_is_named(booking):
    switch_off("request_moves_as_the_workflow_says")
    now = timezone.now()
    run(
        f"UPDATE {REQUEST} SET state = 'lapsed', ended_at = %s WHERE id = %s",
        now if connection.vendor == "postgresql" else str(now.replace(tzinfo=None)),
        booking.pk,
    )

    text = f"request {booking.pk} is lapsed, its log ends in approved"
    assert named() == {("the log ends in the state", text)}


def test_a_booking_that_nobody_made_is_named(booking):
    switch_off("scheduling_transitionlog_append_only")
    run("DELETE FROM scheduling_transitionlog")

    text = f"request {booking.pk} is approved, and nothing says how it came to be"
    assert named() == {("nothing without a trace", text)}


def test_an_audit_event_is_trace_enough(booking):
    switch_off("scheduling_transitionlog_append_only")
    run("DELETE FROM scheduling_transitionlog")
    audit.record(chains=["owner"], by=None, action="x", obj=booking, now=timezone.now())

    assert named() == set()


def test_a_removed_audit_event_is_named(booking):
    for _number in range(3):
        audit.record(chains=["owner"], by=None, action="x", obj=booking, now=timezone.now())
    switch_off("medshare_portal_auditevent_append_only")
    run("DELETE FROM medshare_portal_auditevent WHERE sequence = 2")

    text = "audit chain owner: event 3 does not follow the one before it"
    assert named() == {("the audit trail has no gap", text)}


def test_a_cut_off_audit_trail_is_named(booking):
    for _number in range(3):
        audit.record(chains=["owner"], by=None, action="x", obj=booking, now=timezone.now())
    switch_off("medshare_portal_auditevent_append_only")
    run("DELETE FROM medshare_portal_auditevent WHERE sequence = 3")

    assert named() == {("the audit heads are true", "audit chain owner: the head says 3 events")}


def test_a_resource_on_foreign_ground_is_named(booking, hospitals):
    switch_off("resource_site_and_category_fit")
    foreign = hospitals[1].sites.get()
    run("UPDATE resources_resource SET site_id = %s", foreign.pk)

    text = (
        f"resource {booking.resource_id} has another institution's site or another kind's category"
    )
    assert named() == {("a resource stands on its own ground", text)}


def test_offered_times_that_touch_are_named(hospitals):
    now = timezone.now()
    halves = [(now, now + timedelta(hours=4)), (now + timedelta(hours=4), now + timedelta(hours=8))]
    make.offer(make.equipment(hospitals[0]), intervals=halves)

    assert {name for name, _text in named()} == {"offered times stand apart"}


def test_an_offered_time_beyond_what_is_written_is_named(hospitals):
    offer = make.offer(make.equipment(hospitals[0]))
    assert named() == set()
    run("UPDATE resources_offer SET expanded_until = published_at WHERE id = %s", offer.pk)

    assert {name for name, _text in named()} == {"offered no further than written"}


def test_a_dropped_trigger_is_named(booking):
    switch_off("request_holds_free_time")

    assert list(missing_guards()) == ["trigger request_holds_free_time is missing"]


@pytest.mark.postgresql
def test_a_disabled_trigger_is_named(db):
    run("ALTER TABLE resources_busyblock DISABLE TRIGGER block_not_over_booking")

    assert list(missing_guards()) == ["trigger block_not_over_booking is switched off"]


@pytest.mark.postgresql
def test_a_dropped_constraint_is_named(db):
    switch_off_exclusion()

    assert list(missing_guards()) == ["constraint request_no_double_booking is missing"]


def test_the_command_names_the_row_and_fails(booking, capsys):
    switch_off("scheduling_transitionlog_append_only")
    run("DELETE FROM scheduling_transitionlog")

    with pytest.raises(CommandError, match="2 faults"):
        call_command("check_invariants")
    told = capsys.readouterr().err
    assert f"request {booking.pk} is approved" in told
    assert "trigger scheduling_transitionlog_append_only is missing" in told


def test_every_truth_has_a_query_that_runs_on_an_empty_database(db):
    assert not SharingRequest.unscoped.exists()
    assert list(breaches()) == []
    assert len({invariant.name for invariant in INVARIANTS}) == len(INVARIANTS)
