"""What the database itself refuses: raw SQL against closed months, lines and settled disputes."""

import pytest
from django.db import connection

from reports.settlement.actions import closing, disputes
from tests import make
from tests.reports.settlement.conftest import HOUR, NOVEMBER, line_of, statement
from tests.scheduling.guarantees.raw_sql import refused, rows, run, without

pytestmark = pytest.mark.django_db
STATEMENT, LINE, DISPUTE = "reports_statement", "reports_statementline", "reports_linedispute"
COLUMNS = {
    "sort": "'share'", "unit": "'hour'", "quantity": "1", "price": "1", "amount": "1",
    "kind": "'equipment'", "reference": "'EQ-1'", "what_en": "''", "what_zh": "''",
    "starts_at": "'2026-10-01 00:00:00+00:00'", "ends_at": "'2026-10-01 00:00:00+00:00'",
    "made_at": "'2026-10-01 00:00:00+00:00'",
}  # fmt: skip


@pytest.fixture
def line(sharing):
    request = sharing.loan(sharing.east)
    sharing.draft()
    return line_of(request)


def close():
    closing.close_due(now=NOVEMBER + 999 * HOUR)
    assert statement().state == "closed"


def insert(**values):
    values = {name: str(value) for name, value in (COLUMNS | values).items()}
    return f"INSERT INTO {LINE} ({', '.join(values)}) VALUES ({', '.join(values.values())})"


def fresh_line(sharing, statement_id, **values):
    """The statement that enters one more share of east's."""
    share = sharing.loan(sharing.east, device=make.equipment(sharing.east))
    return insert(
        **{
            "statement_id": statement_id, "sharing_request_id": share.pk,
            "creditor_id": sharing.east.pk, "debtor_id": sharing.west.pk,
        }
        | values
    )  # fmt: skip


def test_a_closed_statement_is_neither_changed_nor_removed(sharing, line):
    close()
    for sql in (
        f"UPDATE {STATEMENT} SET currency = 'EUR'",
        f"UPDATE {STATEMENT} SET state = 'review', closed_at = NULL",
        f"DELETE FROM {STATEMENT}",
    ):
        refused(sql)
    without(f"{STATEMENT}_closed_append_only")
    without("statement_moves_forward")
    run(f"UPDATE {STATEMENT} SET currency = 'EUR'")


def test_nothing_is_added_to_a_closed_statement(sharing, line):
    run(fresh_line(sharing, line.statement_id))
    close()
    sql = fresh_line(sharing, line.statement_id)
    assert "line_stands_on_its_open_statement" in refused(sql)
    without("line_stands_on_its_open_statement")
    run(sql)


def test_a_line_stands_between_its_own_two_sides(sharing, line):
    third = make.institution("third")
    for wrong in (
        {"creditor_id": sharing.west.pk, "debtor_id": sharing.east.pk},  # turned round
        {"debtor_id": third.pk},
    ):
        sql = fresh_line(sharing, line.statement_id, **wrong)
        assert "line_stands_on_its_open_statement" in refused(sql)


def test_a_line_is_never_changed_removed_or_written_twice(sharing, line):
    assert "append-only" in refused(f"UPDATE {LINE} SET amount = 1")
    assert "append-only" in refused(f"DELETE FROM {LINE}")
    twice = insert(
        statement_id=line.statement_id, sharing_request_id=line.sharing_request_id,
        creditor_id=sharing.east.pk, debtor_id=sharing.west.pk,
    )  # fmt: skip
    refused(twice)
    assert rows(f"SELECT COUNT(*) FROM {LINE}") == [(1,)]


def test_sqlite_replaces_neither_a_line_nor_a_closed_statement(sharing, line):
    if connection.vendor != "sqlite":
        return  # its INSERT OR REPLACE takes a row away without a delete trigger
    close()
    for table in (LINE, STATEMENT):
        refused(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
    without("statement_closed_is_not_replaced")
    run(f"INSERT OR REPLACE INTO {STATEMENT} SELECT * FROM {STATEMENT}")


def test_a_statement_moves_forward_only(sharing, line):
    assert "forward" in refused(f"UPDATE {STATEMENT} SET currency = 'EUR'")
    back = f"UPDATE {STATEMENT} SET state = 'draft', drafted_at = NULL, review_until = NULL"
    assert "forward" in refused(back)
    without("statement_moves_forward")
    run(back)


def test_a_settled_dispute_is_never_changed(sharing, line):
    row = sharing.dispute(line)
    run(f"UPDATE {DISPUTE} SET reason = 'still open'")
    disputes.withdraw(
        dispute=row, institution=sharing.west, by=sharing.people[sharing.west.pk], now=NOVEMBER
    )
    assert "ended" in refused(f"UPDATE {DISPUTE} SET after_amount = 1")
    assert "ended" in refused(f"DELETE FROM {DISPUTE}")
    without(f"{DISPUTE}_ended_append_only")
    run(f"DELETE FROM {DISPUTE}")


@pytest.mark.parametrize(
    "change",
    [
        "state = 'unknown'",
        "after_quantity = before_quantity, after_price = before_price",
        "after_amount = -1",
        "state = 'agreed'",  # without an answer
        "state = 'upheld'",  # without the city
    ],
)
def test_an_untrue_dispute_is_refused(sharing, line, change):
    sharing.dispute(line)
    refused(f"UPDATE {DISPUTE} SET {change}")


def test_a_line_has_one_open_dispute(sharing, line):
    sharing.dispute(line)
    columns = (
        "line_id, state, before_quantity, before_price, before_amount, after_quantity, "
        "after_price, after_amount, reason, raised_at, raised_by_id, answer, decision"
    )
    refused(f"INSERT INTO {DISPUTE} ({columns}) SELECT {columns} FROM {DISPUTE}")


@pytest.mark.parametrize(
    "values",
    [
        {"amount": "-1"},
        {"quantity": "-1"},
        {"price": "-1"},
        {"sort": "'adjustment'"},  # without a dispute
    ],
)
def test_an_untrue_line_is_refused(sharing, line, values):
    refused(fresh_line(sharing, line.statement_id, **values))


@pytest.mark.parametrize(
    "change",
    [
        "first_id = second_id",
        "closed_at = '2026-11-02 00:00:00+00:00'",
        "review_until = NULL",
        "first_accepted_at = '2026-11-02 00:00:00+00:00'",
    ],
)
def test_an_untrue_statement_is_refused(sharing, line, change):
    refused(f"UPDATE {STATEMENT} SET {change}")
