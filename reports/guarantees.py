"""Truths that the database keeps by itself, on PostgreSQL and SQLite: settlement, facts."""

from medshare_portal.db.guarantees import Guarantee, append_only, declare
from reports.settlement.states import DisputeState

STATEMENT, LINE, DISPUTE = "reports_statement", "reports_statementline", "reports_linedispute"
ENDED = ", ".join(f"'{state}'" for state in DisputeState.ENDED)


def raising(message: str) -> str:
    """plpgsql."""
    return f"RAISE EXCEPTION '{message}' USING ERRCODE = '23000';"


def never_again(table: str, name: str, condition: str, truth: str) -> None:
    """Rows for which this holds of OLD refuse UPDATE and DELETE."""
    message = f"{table}: {name}"
    declare(
        Guarantee(
            name=f"{table}_{name}_append_only",
            table=table,
            events=("UPDATE", "DELETE"),
            truth=truth,
            when=condition,
            sqlite=f"SELECT RAISE(ABORT, '{message}');",
            postgresql=f"IF {condition} THEN {raising(message)} END IF; "
            "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;",
        )
    )
    declare(
        Guarantee(
            name=f"{table}_never_emptied",
            table=table,
            events=("TRUNCATE",),
            truth=truth,
            sqlite="",
            postgresql=raising(message),
        )
    )


never_again(
    STATEMENT, "closed", "OLD.state = 'closed'", "A closed statement is never changed or removed."
)
never_again(
    DISPUTE, "ended", f"OLD.state IN ({ENDED})", "What became of a dispute is never changed."
)
append_only(LINE, "A line of a statement is never changed or removed.", unique=("dispute_id",))

# What SQLite's INSERT OR REPLACE would remove without a delete trigger.
declare(
    Guarantee(
        name="statement_closed_is_not_replaced",
        table=STATEMENT,
        events=("INSERT",),
        truth="A closed statement is never replaced.",
        sqlite="SELECT RAISE(ABORT, 'reports_statement: closed') WHERE EXISTS (SELECT 1 FROM "
        f"{STATEMENT} old WHERE old.state = 'closed' AND (old.id = NEW.id OR (old.first_id = "
        "NEW.first_id AND old.second_id = NEW.second_id AND old.month = NEW.month "
        "AND old.currency = NEW.currency)));",
        postgresql="",
        sqlite_timing="BEFORE",
    )
)
declare(
    Guarantee(
        name="line_of_a_share_is_not_replaced",
        table=LINE,
        events=("INSERT",),
        truth="The line of a share is never replaced.",
        when="NEW.sort = 'share'",
        sqlite="SELECT RAISE(ABORT, 'reports_statementline: append-only') WHERE EXISTS (SELECT 1 "
        f"FROM {LINE} old WHERE old.sort = 'share' "
        "AND old.sharing_request_id = NEW.sharing_request_id);",
        postgresql="",
        sqlite_timing="BEFORE",
    )
)

SAME = (
    "OLD.first_id = NEW.first_id AND OLD.second_id = NEW.second_id AND OLD.month = NEW.month "
    "AND OLD.currency = NEW.currency"
)
FORWARD = (
    f"({SAME}) AND (OLD.state = NEW.state OR (OLD.state = 'draft' AND NEW.state = 'review') "
    "OR (OLD.state = 'review' AND NEW.state = 'closed'))"
)
declare(
    Guarantee(
        name="statement_moves_forward",
        table=STATEMENT,
        events=("UPDATE",),
        truth="A statement keeps its two sides, its month and its currency, and is drafted, "
        "reviewed and closed in this order.",
        sqlite=f"SELECT RAISE(ABORT, 'statement_moves_forward') WHERE NOT ({FORWARD});",
        postgresql=f"IF NOT ({FORWARD}) THEN {raising('statement_moves_forward')} END IF;",
    )
)

OPEN = (
    f"SELECT 1 FROM {STATEMENT} s JOIN scheduling_sharingrequest r ON r.id = "
    "NEW.sharing_request_id WHERE s.id = NEW.statement_id AND s.state <> 'closed' "
    "AND r.owner_id = NEW.creditor_id AND r.borrower_id = NEW.debtor_id "
    "AND ((s.first_id = r.owner_id AND s.second_id = r.borrower_id) "
    "OR (s.first_id = r.borrower_id AND s.second_id = r.owner_id))"
)
declare(
    Guarantee(
        name="line_stands_on_its_open_statement",
        table=LINE,
        events=("INSERT",),
        truth="A line is added to a statement that is not closed, of the two sides of its share; "
        "the owner of what was shared is paid.",
        sqlite="SELECT RAISE(ABORT, 'line_stands_on_its_open_statement') "
        f"WHERE NOT EXISTS ({OPEN});",
        # The lock: a statement is not closed between this look and our commit.
        postgresql=f"PERFORM 1 FROM {STATEMENT} WHERE id = NEW.statement_id FOR SHARE; "
        f"IF NOT EXISTS ({OPEN}) THEN {raising('line_stands_on_its_open_statement')} END IF;",
    )
)

append_only(
    "reports_usagefact",
    "What a request came to is never changed or removed.",
    unique=("request_key", "version"),
)
append_only(
    "reports_demandfact",
    "What became of a demand is never changed or removed.",
    unique=("source", "source_key"),
)
