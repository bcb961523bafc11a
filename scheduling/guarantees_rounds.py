"""What the database itself keeps true of matching rounds and their proposals."""

from medshare_portal.db.guarantees import Guarantee, append_only, declare
from scheduling.guarantees import LOCK, abort, refuse
from scheduling.round_states import ProposalState

RUN, PROPOSAL = "scheduling_matchingrun", "scheduling_proposal"
DRAFT = ", ".join(f"'{state}'" for state in ProposalState.DRAFT)

append_only(
    "scheduling_runrecord",
    "What a round was given and what it answered is never changed.",
    unique=("run_id",),
)


def _keep(name: str, table: str, events: tuple[str, ...], truth: str, untrue: str) -> None:
    """Refuse rows of which ``untrue`` holds."""
    declare(
        Guarantee(
            name=name,
            table=table,
            events=events,
            truth=truth,
            sqlite=abort(name, untrue),
            postgresql=refuse(untrue, name, "check_violation"),
        )
    )


_keep(
    "round_published_is_final",
    RUN,
    ("UPDATE",),
    "A published round stays published, with what it was published as.",
    "OLD.state = 'published' AND (NEW.state <> OLD.state OR NEW.inputs_hash <> OLD.inputs_hash)",
)
MEMBER = (
    "SELECT 1 FROM medshare_portal_consortiummembership m "
    "WHERE m.consortium_id = NEW.consortium_id AND m.institution_id = NEW.institution_id"
)
_keep(
    "round_of_consortium_by_a_member",
    RUN,
    ("INSERT",),
    "A consortium's round is the city's, or run by a member.",
    f"NEW.consortium_id IS NOT NULL AND NEW.institution_id IS NOT NULL AND NOT EXISTS ({MEMBER})",
)
_keep(
    "round_stays_whose_it_is",
    RUN,
    ("UPDATE",),
    "Who runs a round, and for which consortium, does not change.",
    "COALESCE(NEW.consortium_id, 0) <> COALESCE(OLD.consortium_id, 0) "
    "OR COALESCE(NEW.institution_id, 0) <> COALESCE(OLD.institution_id, 0)",
)
OFFERED = (
    "SELECT 1 FROM resources_resource r WHERE r.id = NEW.resource_id AND r.kind = NEW.kind "
    "AND r.institution_id = NEW.owner_id"
)
NEEDED = (
    "SELECT 1 FROM scheduling_need n WHERE n.id = NEW.need_id AND n.kind = NEW.kind "
    "AND n.institution_id = NEW.borrower_id"
)
_keep(
    "proposal_joins_its_need_and_its_resource",
    PROPOSAL,
    ("INSERT", "UPDATE"),
    "A proposal gives a resource of its owner to a need of its borrower, all of one kind.",
    f"NOT EXISTS ({OFFERED}) OR NOT EXISTS ({NEEDED})",
)
ASKED = (
    "SELECT 1 FROM scheduling_sharingrequest q WHERE q.id = NEW.sharing_request_id "
    "AND q.resource_id = NEW.resource_id AND q.borrower_id = NEW.borrower_id"
)
_keep(
    "proposal_became_its_own_request",
    PROPOSAL,
    ("INSERT", "UPDATE"),
    "The request that a proposal became is its borrower's, for its resource.",
    f"NEW.sharing_request_id IS NOT NULL AND NOT EXISTS ({ASKED})",
)
STANDS = ", ".join(f"'{state}'" for state in ProposalState.STANDING)
TAKES_TIME = f"NEW.state IN ({STANDS}) AND NEW.starts_at IS NOT NULL"
BESIDE = (
    f"SELECT 1 FROM {PROPOSAL} other WHERE other.resource_id = NEW.resource_id "
    f"AND other.id <> COALESCE(NEW.id, -1) AND other.state IN ({STANDS}) "
    "AND other.starts_at < NEW.ends_at AND other.ends_at > NEW.starts_at"
)
SINGLE = "SELECT 1 FROM resources_resource r WHERE r.id = NEW.resource_id AND r.units = 1"
TWICE = f"EXISTS ({SINGLE}) AND EXISTS ({BESIDE})"
declare(
    Guarantee(
        name="proposal_takes_free_time",
        table=PROPOSAL,
        events=("INSERT", "UPDATE"),
        truth="Of a single unit no two proposals wait for answers at the same time.",
        when=TAKES_TIME,
        sqlite=abort("proposal_takes_free_time", TWICE),
        postgresql=f"IF {TAKES_TIME} THEN {LOCK} "
        + refuse(TWICE, "proposal_takes_free_time")
        + " END IF;",
    )
)
GIVES = f"NEW.state IN ({STANDS})"
GIVEN = (
    f"SELECT COALESCE(SUM(other.quantity), 0) FROM {PROPOSAL} other "
    f"WHERE other.need_id = NEW.need_id AND other.id <> COALESCE(NEW.id, -1) "
    f"AND other.state IN ({STANDS})"
)
ASKS = "SELECT n.quantity FROM scheduling_need n WHERE n.id = NEW.need_id"
TOO_MUCH = f"NEW.quantity + ({GIVEN}) > ({ASKS})"
declare(
    Guarantee(
        name="proposal_gives_what_is_asked",
        table=PROPOSAL,
        events=("INSERT", "UPDATE"),
        truth="What waits for answers never gives a need more than it asks for.",
        when=GIVES,
        sqlite=abort("proposal_gives_what_is_asked", TOO_MUCH),
        postgresql=f"IF {GIVES} THEN "
        "PERFORM 1 FROM scheduling_need WHERE id = NEW.need_id FOR UPDATE; "
        + refuse(TOO_MUCH, "proposal_gives_what_is_asked", "check_violation")
        + " END IF;",
    )
)
WAITS = "NEW.state = 'published' AND NEW.starts_at IS NOT NULL"
SAME = (
    f"SELECT 1 FROM {PROPOSAL} other WHERE other.need_id = NEW.need_id "
    "AND other.id <> COALESCE(NEW.id, -1) AND other.resource_id = NEW.resource_id "
    "AND other.starts_at = NEW.starts_at AND other.state = 'published'"
)
declare(
    Guarantee(
        name="proposal_waits_once",
        table=PROPOSAL,
        events=("INSERT", "UPDATE"),
        truth="What an offer gives a need at a time waits for answers as one proposal.",
        when=WAITS,
        sqlite=abort("proposal_waits_once", f"EXISTS ({SAME})"),
        postgresql=f"IF {WAITS} THEN "
        "PERFORM 1 FROM scheduling_need WHERE id = NEW.need_id FOR UPDATE; "
        + refuse(f"EXISTS ({SAME})", "proposal_waits_once")
        + " END IF;",
    )
)
_keep(
    "proposal_once_told_stays_told",
    PROPOSAL,
    ("UPDATE",),
    "What both sides were told is neither struck nor changed any more.",
    f"OLD.state NOT IN ({DRAFT}) AND (NEW.state IN ({DRAFT}) OR NEW.need_id <> OLD.need_id "
    "OR NEW.resource_id <> OLD.resource_id OR NEW.quantity <> OLD.quantity)",
)
