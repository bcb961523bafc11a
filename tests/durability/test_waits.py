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


def test_a_page_that_waits_too_long_says_so_and_works_again_afterwards(idle_portal):
    idle_portal.may_log_errors = True
    user = make.user(at=make.institution("renhe"), roles=["coordinator"])
    visitor = idle_portal.start().visitor().sign_in(user.username, make.PASSWORD)
    with held():
        answer = visitor.ask("GET", "/at/renhe/", headers={"Accept-Language": "en"})
    assert answer.status == 503
    assert answer.headers["Retry-After"] == "5"
    assert "Please try again in a moment" in answer.text
    assert visitor.get("/at/renhe/").status == 200
