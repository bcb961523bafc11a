"""A kept connection that the server has closed meanwhile is noticed before a prepared statement."""

import psycopg
import pytest
from django.core.signals import request_started
from django.db import connection
from django.db.models import CharField

from medshare_portal.db.prepared import Bind, Prepared
from medshare_portal.models import CodeSystem

KNOWN = Prepared(
    lambda: CodeSystem.objects.filter(slug=Bind("slug", CharField())).values_list("pk")
)


def backend():
    return connection.connection.info.backend_pid


def terminate(pid):
    """As when the server restarts: seen from another connection of the same person."""
    settings = connection.get_connection_params()
    where = {
        name: settings[name] for name in ("host", "port", "user", "password") if name in settings
    }
    with psycopg.connect(**where, dbname=settings["dbname"], autocommit=True) as other:
        assert other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid]).fetchone()[0]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_the_next_page_is_answered_after_the_server_has_ended_the_connection():
    assert KNOWN.rows(slug="none") == []
    before = backend()
    connection.close_at = None  # kept for longer than this test
    terminate(before)
    request_started.send(sender=None, environ={})
    assert KNOWN.rows(slug="none") == []
    assert backend() != before
