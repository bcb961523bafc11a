"""The chain shows every change that was made behind its back."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from medshare_portal import audit
from medshare_portal.models import AuditEvent
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def trail():
    owner = make.institution("owner")
    for number in range(5):
        audit.record(
            chains=["owner", "city"],
            by=None,
            action=f"step-{number}",
            obj=owner,
            now=timezone.now(),
            data={"数": number},
        )
    return AuditEvent.objects.owned_by(owner).order_by("sequence")


def tamper(sql, *params):
    """Change the trail as the owner of the database file could: with the trigger taken away."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "DROP TRIGGER medshare_portal_auditevent_append_only ON medshare_portal_auditevent"
            )
        else:
            cursor.execute("DROP TRIGGER medshare_portal_auditevent_append_only_update")
            cursor.execute("DROP TRIGGER medshare_portal_auditevent_append_only_delete")
        cursor.execute(sql, params)


def test_a_whole_trail_verifies(trail, capsys):
    assert audit.verify("owner") == []
    assert [event.sequence for event in trail] == [1, 2, 3, 4, 5]
    call_command("audit_verify")
    assert "The audit trail is whole." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        (
            "UPDATE medshare_portal_auditevent SET actor_name = 'nobody' WHERE chain = 'owner' "
            "AND sequence = 3",
            "number 3 does not fit",
        ),
        (
            "DELETE FROM medshare_portal_auditevent WHERE chain = 'owner' AND sequence = 3",
            "number 3 is missing",
        ),
        (
            "DELETE FROM medshare_portal_auditevent WHERE chain = 'owner' AND sequence = 5",
            "the head says 5 events, the trail has 4",
        ),
        (
            "UPDATE medshare_portal_auditchain SET head_hash = 'x' WHERE name = 'owner'",
            "the head says 5 events",
        ),
    ],
)
def test_tampering_is_found(trail, sql, found):
    tamper(sql)
    assert any(found in problem for problem in audit.verify("owner"))
    assert audit.verify("city") == []
    with pytest.raises(CommandError):
        call_command("audit_verify")
