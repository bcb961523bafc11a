"""What the database itself says of conversations and notes."""

import pytest
from django.db import connection
from django.utils import timezone

from scheduling.models import CityInvitation, InternalNote
from tests import make
from tests.scheduling.guarantees.raw_sql import booked, refused, rows, run

pytestmark = pytest.mark.django_db
TABLES = ["scheduling_message", "scheduling_messagefile", "scheduling_internalnote"]
INSERT = (
    "INSERT INTO scheduling_message (sharing_request_id, voice, institution_id, author_id, at, "
    "text, file_count) VALUES (%s, %s, %s, %s, %s, %s, %s)"
)


@pytest.fixture
def request_(device, borrower, start):
    return booked(device, borrower, start)


@pytest.fixture
def filled(request_):
    """One row of each."""
    now = timezone.now()
    make.message_file(request_, by=request_.created_by, now=now)
    note(request_, request_.owner, request_.decided_by)
    make.city_invitation(request_, by=request_.created_by, now=now)
    return request_


def note(request, institution, by, **fields):
    return InternalNote.unscoped.create(
        sharing_request=request,
        institution=institution,
        author=by,
        at=timezone.now(),
        text="A note",
        **fields,
    )


def said(request, voice="borrower", institution="borrower", text="Hello", files=0):
    """The values of a message."""
    place = getattr(request, institution).pk if institution else None
    return (request.pk, voice, place, request.created_by_id, timezone.now(), text, files)


@pytest.mark.parametrize("table", TABLES)
def test_what_was_written_is_neither_changed_nor_removed(filled, table):
    assert "append-only" in refused(f"UPDATE {table} SET id = id + 1000")
    assert "append-only" in refused(f"DELETE FROM {table}")


@pytest.mark.parametrize("table", TABLES)
def test_sqlite_does_not_replace_what_was_written(filled, table):
    if connection.vendor != "sqlite":
        return  # its INSERT OR REPLACE takes a row away without a delete trigger
    sql = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1"
    assert "append-only" in refused(sql)


@pytest.mark.postgresql
@pytest.mark.parametrize("table", [*TABLES, "scheduling_cityinvitation"])
def test_postgresql_does_not_empty_these_tables(filled, table):
    run("SET CONSTRAINTS ALL IMMEDIATE")  # else its own pending checks refuse it first
    assert "append-only" in refused(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize(
    ("values", "wall"),
    [
        ({"text": ""}, "message_says_something"),
        ({"text": "x" * 2001}, "message_not_too_long"),
        ({"files": 6}, "message_few_files"),
        ({"voice": "city"}, "message_of_"),
        ({"institution": None}, "message_of_"),
        ({"voice": "system"}, "message_of_"),
        ({"voice": "owner"}, "message_of_who_takes_part"),
        ({"institution": "owner"}, "message_of_who_takes_part"),
        ({"voice": "city", "institution": None}, "message_of_who_takes_part"),
    ],
)
def test_only_who_takes_part_says_something(request_, values, wall):
    assert wall in refused(INSERT, *said(request_, **values))
    assert rows("SELECT COUNT(*) FROM scheduling_message") == [(0,)]


def test_a_side_says_something(request_):
    run(INSERT, *said(request_, text="x" * 2000))
    run(INSERT, *said(request_, text="", files=1))


def test_the_city_speaks_while_it_is_invited(request_):
    invited = make.city_invitation(request_, by=request_.created_by, now=timezone.now())
    run(INSERT, *said(request_, voice="city", institution=None))
    invited.ended_at, invited.ended_by = timezone.now(), request_.created_by
    invited.save()
    sql = INSERT, *said(request_, voice="city", institution=None)
    assert "message_of_who_takes_part" in refused(*sql)


def test_nobody_speaks_about_a_hold(device, borrower, start):
    held = booked(device, borrower, start, state="held")
    assert "message_of_who_takes_part" in refused(INSERT, *said(held))


def test_a_file_is_of_the_request_of_its_message(filled, device, borrower, start):
    other = booked(device, borrower, start, state="requested")
    sql = (
        "INSERT INTO scheduling_messagefile (message_id, sharing_request_id, name, file, "
        "content_type, size, sha256) SELECT message_id, %s, name, file, content_type, size, "
        "sha256 FROM scheduling_messagefile"
    )
    assert "message_file_of_its_request" in refused(sql, other.pk)


def test_a_note_is_of_a_side_and_corrected_by_its_author(filled, device, start):
    stranger = make.institution("stranger")
    first = InternalNote.unscoped.get()
    insert = (
        "INSERT INTO scheduling_internalnote (sharing_request_id, institution_id, author_id, at, "
        "text, corrects_id) VALUES (%s, %s, %s, %s, %s, %s)"
    )
    at, request = timezone.now(), filled
    own = (request.pk, request.owner_id, first.author_id, at)
    assert "note_of_a_side" in refused(insert, request.pk, stranger.pk, *own[2:], "x", None)
    assert "note_says_something" in refused(insert, *own, "", None)
    assert "note_not_too_long" in refused(insert, *own, "x" * 2001, None)
    foreign = (request.pk, request.owner_id, request.created_by_id, at, "x", first.pk)
    assert "note_corrected_by_its_author" in refused(insert, *foreign)
    run(insert, *own, "better", first.pk)
    second = InternalNote.unscoped.get(corrects=first)
    assert "note_corrected_by_its_author" in refused(insert, *own, "again", second.pk)


def test_of_an_invitation_only_its_end_is_filled_in_once(filled):
    table, by, at = "scheduling_cityinvitation", filled.created_by_id, timezone.now()
    assert "city_invitation_ends_once" in refused(f"UPDATE {table} SET reason = 'other'")
    ends = f"UPDATE {table} SET ended_at = %s, ended_by_id = %s"
    assert "city_invitation" in refused(ends, at, None)
    run(ends, at, by)
    assert "city_invitation_ends_once" in refused(ends, at, by)
    assert "append-only" in refused(f"DELETE FROM {table}")
    assert CityInvitation.unscoped.get().ended_by_id == by


def test_the_city_is_invited_once_at_a_time_and_by_a_side(filled, device, borrower, start):
    sql = (
        "INSERT INTO scheduling_cityinvitation (sharing_request_id, institution_id, reason, "
        "invited_by_id, invited_at) VALUES (%s, %s, 'Help', %s, %s)"
    )
    at, by = timezone.now(), filled.created_by_id
    assert "unique" in refused(sql, filled.pk, filled.owner_id, by, at).lower()
    stranger = make.institution("stranger").pk
    other = booked(device, borrower, start, state="requested")
    assert "city_invited_by_a_side" in refused(sql, other.pk, stranger, by, at)
