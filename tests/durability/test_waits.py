"""Somebody holds the database for longer than anyone may wait: a page that says so."""

import sqlite3
from contextlib import contextmanager

import pytest
from django.db import connection

from tests import make

pytestmark = [pytest.mark.race, pytest.mark.long]


@contextmanager
def held():
    """Nobody else reads the sessions meanwhile, as while a long write is being made safe."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN; LOCK TABLE django_session IN ACCESS EXCLUSIVE MODE")
            yield
            cursor.execute("ROLLBACK")
        return
    holder = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    yield
    holder.execute("ROLLBACK")
    holder.close()


def page_meanwhile(portal):
    """What a signed-in person gets while the database is held, and right after."""
    user = make.user(at=make.institution("renhe"), roles=["coordinator"])
    visitor = portal.visitor().sign_in(user.username, make.PASSWORD)
    with held():
        answer = visitor.ask("GET", "/at/renhe/", headers={"Accept-Language": "en"})
    return answer, visitor.get("/at/renhe/")


def test_a_page_that_waits_too_long_says_so_and_works_again_afterwards(idle_portal):
    idle_portal.may_log_errors = True
    answer, afterwards = page_meanwhile(idle_portal.start())
    assert answer.status == 503
    assert answer.headers["Retry-After"] == "5"
    assert "Please try again in a moment" in answer.text
    assert afterwards.status == 200


@pytest.mark.postgresql
def test_twin_without_the_look_at_the_error_it_is_a_fault_of_ours(unguarded_arena):
    """On PostgreSQL, where the wait is short."""
    answer, _afterwards = page_meanwhile(unguarded_arena("busy").portal)
    assert answer.status == 500
