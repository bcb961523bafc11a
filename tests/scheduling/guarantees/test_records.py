"""What the database itself says of records, resources and forms."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from demo.flush import flush_everything
from medshare_portal import audit
from medshare_portal.db.guarantees import missing_guarantees
from medshare_portal.models import AuditEvent, Institution
from resources.actions.equipment_use import record_shared_use
from resources.models import RecognitionRecord
from scheduling.models import NeedAmendment, SharingRequest, TermsAcceptance
from tests import make
from tests.scheduling.guarantees.raw_sql import (
    APPEND_ONLY,
    HOUR,
    TABLE,
    booked,
    refused,
    rows,
    run,
    without,
)

pytestmark = pytest.mark.django_db
AUDIT = "medshare_portal_auditevent"


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
    if table == "resources_stockmovement":
        without("ledger_moves_stock")  # its balance would not fit either
    run(sql)


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_what_sqlite_looks_for_before_a_record_is_stored_has_an_index(table):
    if connection.vendor != "sqlite":
        return  # its records need no such look
    (trigger,) = rows(
        "SELECT sql FROM sqlite_master WHERE name = %s", f"{table}_never_replaced_insert"
    )
    looks = re.findall(r"EXISTS \((SELECT 1 .+?)\);", trigger[0])
    assert looks
    for look in looks:
        plan = rows("EXPLAIN QUERY PLAN " + re.sub(r"NEW\.\w+", "1", look))
        assert plan
        assert all(step[-1].startswith("SEARCH") for step in plan), plan


@pytest.mark.postgresql
@pytest.mark.parametrize("table", APPEND_ONLY)
def test_postgresql_does_not_empty_a_table_of_records(device, borrower, start, table):
    _one_row_in(table, device, borrower, start)
    run("SET CONSTRAINTS ALL IMMEDIATE")  # else its own pending checks refuse it first
    assert "append-only" in refused(f"TRUNCATE {table}")
    without(f"{table}_never_emptied")
    run(f"TRUNCATE {table}")


@pytest.mark.postgresql
def test_postgresql_does_not_empty_records_together_with_what_they_are_about(
    device, borrower, start
):
    _one_row_in("resources_uselogentry", device, borrower, start)
    run("SET CONSTRAINTS ALL IMMEDIATE")
    assert "append-only" in refused("TRUNCATE resources_resource CASCADE")
    assert "append-only" in refused("TRUNCATE medshare_portal_auditevent RESTART IDENTITY CASCADE")


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_flush_alone_is_refused_and_works_where_a_demo_empties_its_city():
    make.institution("owner")
    with pytest.raises(CommandError):
        call_command("flush", interactive=False, verbosity=0)
    assert Institution.unscoped.count() == 1
    flush_everything()
    assert Institution.unscoped.count() == 0
    assert missing_guarantees() == []


def _one_row_in(table, device, borrower, start):
    make.medicine_lot(device.institution, stock=1)
    request = booked(device, borrower, start)
    audit.record(chains=["owner"], by=None, action="test", obj=request, now=start)
    _looked_at(device.institution, borrower)
    need = make.need(borrower)
    NeedAmendment.unscoped.create(need=need, at=start, by=need.created_by, changes={})
    record_shared_use(
        resource=device,
        user_institution=borrower,
        starts_at=start,
        ends_at=start + HOUR,
        counter_start=1,
        counter_end=2,
        now=start,
    )


def _looked_at(owner, borrower):
    """A look at information whose conditions were agreed to, and a result that was recognised."""
    looked = make.access_request(make.asset(owner), borrower, state="underway")
    event = make.access_event(looked)
    common = {"institution": borrower}
    TermsAcceptance.unscoped.create(
        terms=looked.access_grant.terms, user=looked.created_by, accepted_at=event.at, **common
    )
    RecognitionRecord.unscoped.create(
        resource=looked.resource, verdict="yes", recognised=True, by=looked.created_by,
        at=event.at, **common,
    )  # fmt: skip


def test_conditions_that_people_agreed_to_are_neither_changed_nor_removed(device):
    make.asset(device.institution)
    for sql in (
        "UPDATE resources_accessterms SET max_days = 99",
        "DELETE FROM resources_accessterms",
    ):
        assert "append-only" in refused(sql)


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


def test_the_audit_chain_does_not_fork(device, borrower, start):
    """A second event of the same number would be a second past."""
    _one_row_in(AUDIT, device, borrower, start)
    columns = [each.column for each in AuditEvent._meta.concrete_fields if not each.primary_key]
    names = ", ".join(columns)
    before = rows(f"SELECT COUNT(*) FROM {AUDIT}")
    message = refused(f"INSERT INTO {AUDIT} ({names}) SELECT {names} FROM {AUDIT} LIMIT 1")
    walls = {"postgresql": "audit_no_gap_no_fork", "sqlite": "append-only"}
    assert walls[connection.vendor] in message
    assert rows(f"SELECT COUNT(*) FROM {AUDIT}") == before


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
