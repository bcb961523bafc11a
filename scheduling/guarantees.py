"""Truths of the workflow that the database keeps by itself, on PostgreSQL and SQLite.

The exclusion constraint for single units on PostgreSQL is in migration 0002.
"""

from collections.abc import Callable

from medshare_portal.db.guarantees import Guarantee, append_only, declare
from scheduling.states import State
from scheduling.workflow import allowed_pairs

TABLE = "scheduling_sharingrequest"
HOLDING = ", ".join(f"'{state}'" for state in State.HOLDS_CAPACITY)
PAIRS = " OR ".join(
    f"(OLD.state = '{old}' AND NEW.state = '{new}')" for old, new in sorted(allowed_pairs())
)
HOLDS = f"NEW.state IN ({HOLDING}) AND NEW.blocked_from IS NOT NULL"
OTHERS = (
    f"SELECT 1 FROM {TABLE} other WHERE other.resource_id = NEW.resource_id "
    f"AND other.id <> COALESCE(NEW.id, -1) AND other.state IN ({HOLDING}) "
    "AND other.blocked_from < NEW.blocked_until AND other.blocked_until > NEW.blocked_from"
)
BLOCKS = (
    "SELECT 1 FROM resources_busyblock block WHERE block.resource_id = NEW.resource_id "
    "AND block.starts_at < NEW.blocked_until AND block.ends_at > NEW.blocked_from"
)


def peak(counts: Callable[[str], str]) -> str:
    """The highest load beside the row, of those that ``counts`` (a condition on an alias): it is
    at a start, at our own or at that of a row which starts within our time."""
    return (
        f"SELECT MAX(load) FROM (SELECT (SELECT COALESCE(SUM(beside.units), 0) FROM {TABLE} beside "
        "WHERE beside.resource_id = NEW.resource_id AND beside.id <> COALESCE(NEW.id, -1) "
        f"AND {counts('beside')} "
        "AND beside.blocked_from <= point.at AND beside.blocked_until > point.at) AS load "
        "FROM (SELECT NEW.blocked_from AS at UNION ALL "
        f"SELECT start.blocked_from FROM {TABLE} start WHERE start.resource_id = NEW.resource_id "
        f"AND start.id <> COALESCE(NEW.id, -1) AND {counts('start')} "
        "AND start.blocked_from > NEW.blocked_from AND start.blocked_from < NEW.blocked_until"
        ") point) loads"
    )


def holding(alias: str) -> str:
    return f"{alias}.state IN ({HOLDING})"


PEAK = peak(holding)
UNITS = "SELECT units FROM resources_resource WHERE id = NEW.resource_id"
LOCK = "PERFORM 1 FROM resources_resource WHERE id = NEW.resource_id FOR UPDATE;"


def refuse(condition: str, message: str, code: str = "exclusion_violation") -> str:
    """plpgsql: raise when the condition holds."""
    return f"IF {condition} THEN RAISE EXCEPTION '{message}' USING ERRCODE = '{code}'; END IF;"


def abort(message: str, condition: str) -> str:
    """SQLite trigger body: abort when the condition holds."""
    return f"SELECT RAISE(ABORT, '{message}') WHERE {condition};"


TAKEN, BLOCKED, FULL = "request_no_double_booking", "request_not_over_block", "request_within_units"

declare(
    Guarantee(
        name="request_holds_free_time",
        table=TABLE,
        events=("INSERT", "UPDATE"),
        truth="A request that holds capacity meets no other on a single unit, no more than the "
        "units there are on a set, and no time that the owner keeps.",
        when=HOLDS,
        sqlite=abort(TAKEN, f"NEW.exclusive AND EXISTS ({OTHERS})")
        + abort(FULL, f"NOT NEW.exclusive AND NEW.units + COALESCE(({PEAK}), 0) > ({UNITS})")
        + abort(BLOCKED, f"EXISTS ({BLOCKS})"),
        postgresql=f"IF {HOLDS} THEN {LOCK} "
        + refuse(f"NOT NEW.exclusive AND NEW.units + COALESCE(({PEAK}), 0) > ({UNITS})", FULL)
        + refuse(f"EXISTS ({BLOCKS})", BLOCKED)
        + " END IF;",
    )
)

GIVEN = (
    f"SELECT SUM(other.units) FROM {TABLE} other WHERE other.resource_id = NEW.resource_id "
    f"AND other.id <> COALESCE(NEW.id, -1) AND other.state IN ({HOLDING}) "
    "AND other.state = 'underway'"
)
TOO_MANY_OUT = f"NEW.units + COALESCE(({GIVEN}), 0) > ({UNITS})"
GIVES_TRUTH = "Of one resource no more units are under way at once than it has, however late."
BEGINS_GIVEN = "NEW.state = 'underway' AND NEW.blocked_from IS NOT NULL"
# What is under way stays changeable: its end, its level of lateness, its return.
GIVEN_NOW = (
    f"{BEGINS_GIVEN} AND (OLD.state <> 'underway' OR NEW.units > OLD.units "
    "OR NEW.resource_id <> OLD.resource_id)"
)
declare(
    Guarantee(
        name="request_gives_what_is_there",
        table=TABLE,
        events=("INSERT",),
        truth=GIVES_TRUTH,
        when=BEGINS_GIVEN,
        sqlite=abort("request_gives_what_is_there", TOO_MANY_OUT),
        postgresql=f"IF {BEGINS_GIVEN} THEN {LOCK} "
        + refuse(TOO_MANY_OUT, "request_gives_what_is_there")
        + " END IF;",
    )
)
declare(
    Guarantee(
        name="request_goes_to_what_is_there",
        table=TABLE,
        events=("UPDATE",),
        truth=GIVES_TRUTH,
        when=GIVEN_NOW,
        sqlite=abort("request_gives_what_is_there", TOO_MANY_OUT),
        postgresql=f"IF {GIVEN_NOW} THEN {LOCK} "
        + refuse(TOO_MANY_OUT, "request_gives_what_is_there")
        + " END IF;",
    )
)

BOOKED_OVER = (
    f"SELECT 1 FROM {TABLE} request WHERE request.resource_id = NEW.resource_id "
    f"AND request.state IN ({HOLDING}) "
    "AND request.blocked_from < NEW.ends_at AND request.blocked_until > NEW.starts_at"
)
declare(
    Guarantee(
        name="block_not_over_booking",
        table="resources_busyblock",
        events=("INSERT", "UPDATE"),
        truth="The owner's own use and maintenance never lie over a booking.",
        sqlite=abort("block_not_over_booking", f"EXISTS ({BOOKED_OVER})"),
        postgresql=f"{LOCK} " + refuse(f"EXISTS ({BOOKED_OVER})", "block_not_over_booking"),
    )
)

IS_TRUE = (
    "SELECT 1 FROM resources_resource r WHERE r.id = NEW.resource_id "
    "AND r.institution_id = NEW.owner_id AND r.kind = NEW.kind"
)
EXCLUSIVE = (
    "SELECT 1 FROM resources_resource r WHERE r.id = NEW.resource_id "
    "AND NEW.exclusive = (r.units = 1)"
)
declare(
    Guarantee(
        name="request_owner_owns",
        table=TABLE,
        events=("INSERT", "UPDATE"),
        truth="A request's owner and kind are its resource's; it is exclusive on a single unit.",
        sqlite=abort("request_owner_owns", f"NOT EXISTS ({IS_TRUE})")
        + abort("request_exclusive_on_single_unit", f"{HOLDS} AND NOT EXISTS ({EXCLUSIVE})"),
        postgresql=refuse(f"NOT EXISTS ({IS_TRUE})", "request_owner_owns", "check_violation")
        + refuse(
            f"{HOLDS} AND NOT EXISTS ({EXCLUSIVE})",
            "request_exclusive_on_single_unit",
            "check_violation",
        ),
    )
)

declare(
    Guarantee(
        name="request_moves_as_the_workflow_says",
        table=TABLE,
        events=("UPDATE",),
        truth="A request's state only makes the moves of the workflow.",
        when="OLD.state <> NEW.state",
        sqlite=abort("request_illegal_transition", f"NOT ({PAIRS})"),
        postgresql=f"IF OLD.state <> NEW.state AND NOT ({PAIRS}) THEN "
        "RAISE EXCEPTION 'request_illegal_transition' USING ERRCODE = 'check_violation'; END IF;",
    )
)

UNITS_IN_USE = (
    f"SELECT 1 FROM {TABLE} request WHERE request.resource_id = NEW.id "
    f"AND request.state IN ({HOLDING})"
)
declare(
    Guarantee(
        name="resource_keeps_what_is_booked",
        table="resources_resource",
        events=("UPDATE",),
        truth="While something is booked, a resource keeps its units, its kind and its owner.",
        when="OLD.units <> NEW.units OR OLD.institution_id <> NEW.institution_id "
        "OR OLD.kind <> NEW.kind",
        sqlite=abort("resource_units_are_booked", f"EXISTS ({UNITS_IN_USE})")
        + abort(
            "resource_has_requests",
            "(OLD.institution_id <> NEW.institution_id OR OLD.kind <> NEW.kind) "
            f"AND EXISTS (SELECT 1 FROM {TABLE} request WHERE request.resource_id = NEW.id)",
        ),
        postgresql="IF OLD.units <> NEW.units OR OLD.institution_id <> NEW.institution_id "
        "OR OLD.kind <> NEW.kind THEN "
        + refuse(f"EXISTS ({UNITS_IN_USE})", "resource_units_are_booked", "check_violation")
        + refuse(
            "(OLD.institution_id <> NEW.institution_id OR OLD.kind <> NEW.kind) "
            f"AND EXISTS (SELECT 1 FROM {TABLE} request WHERE request.resource_id = NEW.id)",
            "resource_has_requests",
            "check_violation",
        )
        + " END IF;",
    )
)

append_only("scheduling_transitionlog", "A step that was taken is never changed or removed.")
append_only(
    "scheduling_accessevent",
    "A look at shared information is never changed or removed.",
    unique=("institution_id", "sequence"),
)
append_only(
    "scheduling_termsacceptance",
    "What somebody agreed to is never changed or removed.",
    unique=("terms_id", "user_id"),
)

GRANTED = (
    f"SELECT 1 FROM {TABLE} r WHERE r.id = NEW.sharing_request_id "
    "AND r.quantity IS NOT NULL AND NEW.looks_used <= r.quantity"
)
declare(
    Guarantee(
        name="access_within_grant",
        table="scheduling_accessgrant",
        events=("INSERT", "UPDATE"),
        truth="No more looks are used than were granted.",
        sqlite=abort("access_within_grant", f"NOT EXISTS ({GRANTED})"),
        postgresql=refuse(f"NOT EXISTS ({GRANTED})", "access_within_grant", "check_violation"),
    )
)
