"""What the database itself says of a crisis and of the city's approvals under it."""

from datetime import timedelta

import pytest
from django.db import connection

from tests import make
from tests.scheduling.guarantees.raw_sql import HOUR, booked, refused, run

pytestmark = pytest.mark.django_db
CRISIS = "medshare_portal_crisis"
KEPT = [f"{CRISIS}act", f"{CRISIS}reach", f"{CRISIS}relaxation"]
APPROVE = (
    "INSERT INTO scheduling_cityapproval (sharing_request_id, crisis_id, by_id, at, reason, "
    "waited_minutes, objection) VALUES (%s, %s, %s, %s, %s, %s, '')"
)


@pytest.fixture
def emergency(device, borrower, start):
    return booked(device, borrower, start, priority="stat")


@pytest.fixture
def crisis(device, borrower, start):
    return make.crisis(device.institution, borrower, starts_at=start - HOUR, hours=24)


def approval(request, crisis, at, reason="Nobody answers."):
    return (request.pk, crisis.pk, crisis.declared_by_id, at, reason, 30)


@pytest.mark.parametrize("table", KEPT)
def test_what_was_declared_and_done_is_neither_changed_nor_removed(crisis, table):
    assert "append-only" in refused(f"UPDATE {table} SET crisis_id = crisis_id")
    assert "append-only" in refused(f"DELETE FROM {table}")
    if connection.vendor == "sqlite":
        sql = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1"
        assert "append-only" in refused(sql)


@pytest.mark.postgresql
@pytest.mark.parametrize("table", [*KEPT, "scheduling_cityapproval"])
def test_postgresql_empties_none_of_it(crisis, table):
    run("SET CONSTRAINTS ALL IMMEDIATE")  # else its own pending checks refuse it first
    assert "append-only" in refused(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize(
    "change",
    [
        "reason = 'Another'",
        "name_en = 'Another'",
        "whole_city = NOT whole_city",
        "notice_hours = notice_hours + 1",
        "wait_minutes = wait_minutes + 1",
        "declared_by_id = declared_by_id + 1",
    ],
)
def test_a_declaration_is_never_rewritten(crisis, change):
    assert "never rewritten" in refused(f"UPDATE {CRISIS} SET {change}")


def test_its_end_moves_until_it_has_ended_and_no_more(crisis):
    later, end = crisis.ends_at + HOUR, crisis.starts_at + HOUR
    run(f"UPDATE {CRISIS} SET ends_at = %s", later)
    run(f"UPDATE {CRISIS} SET is_open = %s, ended_at = %s", False, end)
    assert "never rewritten" in refused(f"UPDATE {CRISIS} SET ended_at = %s", later)
    assert "never rewritten" in refused(f"UPDATE {CRISIS} SET is_open = %s, ended_at = NULL", True)


@pytest.mark.parametrize(
    ("values", "wall"),
    [
        ({"hours": -1}, "crisis_ends_after_start"),
        ({"reason": ""}, "crisis_has_a_reason"),
        ({"name_en": ""}, "crisis_has_a_name"),
        ({"wait_minutes": 24 * 60 + 1}, "crisis_wait_within_a_day"),
        ({}, "one_open"),
    ],
)
def test_no_second_one_and_none_without_reason_name_and_end(crisis, device, values, wall):
    if values:
        end = crisis.starts_at + HOUR
        run(f"UPDATE {CRISIS} SET is_open = %s, ended_at = %s", False, end)
    kept = {"reason": "'A reason'", "name_en": "'A name'", "wait_minutes": "0", "hours": 1}
    kept |= {name: f"'{value}'" for name, value in values.items()} | (
        {"hours": values["hours"]} if "hours" in values else {}
    )
    said = refused(
        f"INSERT INTO {CRISIS} (name_en, name_zh, reason, whole_city, notice_hours, wait_minutes, "
        f"starts_at, declared_by_id, ends_at, is_open, token) VALUES ({kept['name_en']}, '', "
        f"{kept['reason']}, %s, 1, {kept['wait_minutes']}, %s, %s, %s, %s, 'x')",
        True, crisis.starts_at, crisis.declared_by_id,
        crisis.starts_at + kept["hours"] * HOUR, True,
    )  # fmt: skip
    assert wall in said.replace("medshare_portal_crisis.is_open", "one_open")


def test_only_an_emergency_within_a_crisis_that_lets_it_is_approved_by_the_city(
    crisis, emergency, device, borrower, start
):
    routine = booked(device, borrower, start + 9 * HOUR)
    elsewhere = booked(device, make.institution("else"), start + 18 * HOUR, priority="stat")
    instant = timedelta(microseconds=1)
    for request, at in (
        (routine, start),
        (elsewhere, start),
        (emergency, crisis.starts_at - instant),
        (emergency, crisis.ends_at),
    ):
        said = refused(APPROVE, *approval(request, crisis, at))
        assert "city_approval_within_a_crisis" in said
    assert "has_a_reason" in refused(APPROVE, *approval(emergency, crisis, start, reason=""))
    run(APPROVE, *approval(emergency, crisis, crisis.ends_at - instant))


def test_a_crisis_that_does_not_let_the_city_approve_does_not(emergency, device, borrower, start):
    strict = make.crisis(
        device.institution, borrower, starts_at=start - HOUR, relaxed=("shorter-notice",)
    )
    said = refused(APPROVE, *approval(emergency, strict, start))
    assert "city_approval_within_a_crisis" in said


def test_the_owner_objects_once_and_nothing_else_of_it_changes(crisis, emergency, start):
    table = "scheduling_cityapproval"
    run(APPROVE, *approval(emergency, crisis, start))
    person = crisis.declared_by_id
    objection = f"UPDATE {table} SET objected_at = %s, objected_by_id = %s, objection = %s"
    assert "objection_whole" in refused(objection, start, person, "")
    assert "objected_once" in refused(f"UPDATE {table} SET reason = 'Another'")
    run(objection, start, person, "We need it.")
    assert "objected_once" in refused(objection, start, person, "Again.")
    assert "append-only" in refused(f"DELETE FROM {table}")
