"""A real primary and a real standby: who reads where, how old it is, and what if it is gone."""

import time

import psycopg
import pytest
from django.db import connection
from django.urls import reverse

import machine
import postgresql
from tests import make

pytestmark = [pytest.mark.race, pytest.mark.long, pytest.mark.postgresql]

NOTE = "Read from a copy of the database that is complete until"
SECONDS = 30
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def standby(idle_portal):
    """(URL of the test's database at a standby, a function that ends the standby)."""
    server = connection.settings_dict
    with postgresql.standby(machine.postgresql(), int(server["PORT"])) as (port, end):
        yield f"postgres://medshare@127.0.0.1:{port}/{server['NAME']}", end


@pytest.fixture
def official(idle_portal, standby):
    """The city's official at a portal that has the standby."""
    idle_portal.environment |= {"REPLICA_URL": standby[0], "LOG_LEVEL": "WARNING"}
    idle_portal.may_log_errors = True
    make.institution("renhe", name_en="Renhe Hospital")
    user = make.user(role="city_official")
    visitor = idle_portal.start(workers=1).visitor().sign_in(user.username, make.PASSWORD)
    del visitor.cookies["medshare_wrote"]  # signing in was a write
    return visitor


def until(condition):
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def caught_up(url):
    """The standby has everything that was committed here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_lsn()::text")
        here = cursor.fetchone()[0]
    with psycopg.connect(url.replace("postgres:", "postgresql:"), autocommit=True) as link:
        until(
            lambda: link.execute(
                "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", [here]
            ).fetchone()[0]
        )


def figures(visitor):
    return visitor.ask("GET", "/city/figures/", headers=ENGLISH)


def paused(url, *, pause):
    what = "pause" if pause else "resume"
    with psycopg.connect(url.replace("postgres:", "postgresql:"), autocommit=True) as link:
        link.execute(f"SELECT pg_wal_replay_{what}()")
        if pause:
            asked = "SELECT pg_get_wal_replay_pause_state()"
            until(lambda: link.execute(asked).fetchone()[0] == "paused")


def test_reports_are_read_at_the_standby_what_decides_at_the_primary(official, standby):
    caught_up(standby[0])
    paused(standby[0], pause=True)
    make.institution("huaxi", name_en="Huaxi Hospital")
    old, home = figures(official), official.ask("GET", "/city/", headers=ENGLISH)
    assert old.status == 200
    assert NOTE in old.text
    assert "Renhe Hospital" in old.text
    assert "Huaxi Hospital" not in old.text, "this is not the standby"
    assert "Huaxi Hospital" in home.text
    assert NOTE not in home.text
    paused(standby[0], pause=False)
    caught_up(standby[0])
    assert "Huaxi Hospital" in figures(official).text


def test_after_a_write_and_without_the_standby_the_primary_answers(official, standby):
    caught_up(standby[0])
    assert NOTE in figures(official).text
    official.post(reverse("theme"), {"theme": "dark", "next": "/"})
    assert NOTE not in figures(official).text
    del official.cookies["medshare_wrote"]
    assert NOTE in figures(official).text
    standby[1]()
    for _again in range(3):
        answer = figures(official)
        assert answer.status == 200
        assert "Renhe Hospital" in answer.text
        assert NOTE not in answer.text
