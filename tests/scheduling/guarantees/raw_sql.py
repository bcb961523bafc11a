"""Statements past every rule of our own, and guards taken out."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from medshare_portal.db.guarantees import guarantees
from scheduling.states import State
from tests import make

HOUR = timedelta(hours=1)
TABLE = "scheduling_sharingrequest"
APPEND_ONLY = [
    "scheduling_transitionlog",
    "medshare_portal_auditevent",
    "resources_uselogentry",
    "resources_stockmovement",
    "resources_recognitionrecord",
    "scheduling_accessevent",
    "scheduling_termsacceptance",
    "scheduling_needamendment",
]


def run(sql, *params):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


def rows(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


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


def keep(device, start, hours):
    """The owner's own use."""
    person = make.user(at=device.institution, role="coordinator")
    return make.block(device, start, start + hours * HOUR, by=person)
