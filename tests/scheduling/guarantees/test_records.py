"""What the database itself says of records, resources and forms."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from medshare_portal import audit
from resources.actions.equipment_use import record_shared_use
from scheduling.models import SharingRequest
from tests import make
from tests.scheduling.guarantees.raw_sql import (
    APPEND_ONLY,
    HOUR,
    TABLE,
    booked,
    refused,
    run,
    without,
)

pytestmark = pytest.mark.django_db


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
