"""What the database itself keeps true of the wait-list, of needs and of the answers to them."""

from medshare_portal.db.guarantees import Guarantee, append_only, declare
from scheduling.guarantees import LOCK, OTHERS, TABLE, UNITS, abort, holding, peak, refuse
from scheduling.waiting import WaitState

ENTRY, NEED, ANSWER = "scheduling_waitlistentry", "scheduling_need", "scheduling_needanswer"
ENDED = ", ".join(f"'{state}'" for state in WaitState.ENDED)


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


RESOURCE = (
    "SELECT 1 FROM resources_resource r WHERE r.id = NEW.resource_id AND r.kind = NEW.kind "
    "AND r.institution_id <> NEW.borrower_id"
)
CATEGORY = "SELECT 1 FROM resources_category c WHERE c.id = NEW.category_id AND c.kind = NEW.kind"
_keep(
    "waitlist_for_what_it_says",
    ENTRY,
    ("INSERT", "UPDATE"),
    "One waits for a resource of somebody else or for a category, each of the kind of the entry.",
    f"(NEW.resource_id IS NOT NULL AND NOT EXISTS ({RESOURCE})) "
    f"OR (NEW.category_id IS NOT NULL AND NOT EXISTS ({CATEGORY}))",
)

PLACE = (
    "SELECT 1 FROM scheduling_sharingrequest q WHERE q.id = NEW.promise_id "
    "AND q.borrower_id = NEW.borrower_id AND q.kind = NEW.kind "
    "AND q.resource_id = COALESCE(NEW.resource_id, q.resource_id)"
)
_keep(
    "waitlist_place_is_its_own",
    ENTRY,
    ("INSERT", "UPDATE"),
    "The place that is offered is held for whoever waits, and is of what was waited for.",
    f"NEW.promise_id IS NOT NULL AND NOT EXISTS ({PLACE})",
)
OF_SERIES = (
    "SELECT 1 FROM scheduling_series s WHERE s.id = NEW.series_id "
    "AND s.borrower_id = NEW.borrower_id AND s.resource_id = NEW.resource_id"
)
OF_PLACE = (
    "SELECT 1 FROM scheduling_sharingrequest q WHERE q.id = NEW.promise_id "
    "AND (q.series_id IS NULL OR q.series_id <> NEW.series_id)"
)
_keep(
    "waitlist_date_of_its_series",
    ENTRY,
    ("INSERT", "UPDATE"),
    "Who waits for a date of a series sent that series for the same resource, and the place that "
    "is offered belongs to it.",
    f"NEW.series_id IS NOT NULL AND (NOT EXISTS ({OF_SERIES}) OR EXISTS ({OF_PLACE}))",
)
_keep(
    "waitlist_end_is_final",
    ENTRY,
    ("UPDATE",),
    "What became of a place in the line does not change.",
    f"OLD.state IN ({ENDED}) AND (NEW.state <> OLD.state OR NEW.ended_at <> OLD.ended_at)",
)
_keep(
    "waitlist_keeps_its_place",
    ENTRY,
    ("UPDATE",),
    "Who waits since when does not change, and so nobody moves forward in a line.",
    "NEW.borrower_id <> OLD.borrower_id OR NEW.joined_at <> OLD.joined_at",
)


def promised(alias: str) -> str:
    """As ``SharingRequestQuerySet.promised`` has it."""
    return f"{alias}.state = 'requested' AND {alias}.hold_expires_at IS NOT NULL"


def taking(alias: str) -> str:
    return f"({holding(alias)} OR ({promised(alias)}))"


BESIDE = (
    f"SELECT 1 FROM {TABLE} kept WHERE kept.resource_id = NEW.resource_id "
    f"AND kept.id <> COALESCE(NEW.id, -1) AND {promised('kept')} "
    "AND kept.blocked_from < NEW.blocked_until AND kept.blocked_until > NEW.blocked_from"
)
# The promised rows first: mostly there is none, and then nothing else is read.
OVER_A_PROMISE = (
    f"(EXISTS ({BESIDE}) OR ({promised('NEW')} AND EXISTS ({OTHERS}))) "
    f"AND (NEW.exclusive OR NEW.units + COALESCE(({peak(taking)}), 0) > ({UNITS}))"
)
TAKES = f"{taking('NEW')} AND NEW.blocked_from IS NOT NULL"
declare(
    Guarantee(
        name="request_leaves_what_is_promised",
        table=TABLE,
        events=("INSERT", "UPDATE"),
        truth="A place of the wait-list that was taken stays free of every other request until "
        "its owner has decided.",
        when=TAKES,
        sqlite=abort("request_not_over_promise", OVER_A_PROMISE),
        # Whatever holds capacity has locked the resource already (request_holds_free_time).
        postgresql=f"IF {TAKES} THEN IF {promised('NEW')} THEN {LOCK} END IF; "
        + refuse(OVER_A_PROMISE, "request_not_over_promise")
        + " END IF;",
    )
)

IN_LINE = f"SELECT 1 FROM {ENTRY} e WHERE e.promise_id = NEW.id AND e.state = 'offered'"
ELSEWHEN = (
    "((NEW.state = 'held' AND (NEW.starts_at <> OLD.starts_at OR NEW.ends_at <> OLD.ends_at)) "
    "OR (NEW.state = 'requested' "
    "AND (NEW.starts_at >= OLD.ends_at OR NEW.ends_at <= OLD.starts_at)))"
)
USED_UP = f"OLD.state = 'held' AND {ELSEWHEN}"
declare(
    Guarantee(
        name="place_is_taken_in_its_time",
        table=TABLE,
        events=("UPDATE",),
        truth="A place that the wait-list offers stays where it is, and what is asked with it has "
        "something of its time: it is not used up for another.",
        when=USED_UP,
        sqlite=abort("place_used_up_elsewhen", f"EXISTS ({IN_LINE})"),
        postgresql=refuse(
            f"{USED_UP} AND EXISTS ({IN_LINE})", "place_used_up_elsewhen", "check_violation"
        ),
    )
)

OWN_NEED = (
    f"SELECT 1 FROM {NEED} n WHERE n.id = NEW.need_id AND n.institution_id = NEW.borrower_id "
    "AND n.kind = NEW.kind"
)
_keep(
    "request_of_own_need",
    TABLE,
    ("INSERT", "UPDATE"),
    "A request is made from a need of its borrower, of its kind.",
    f"NEW.need_id IS NOT NULL AND NOT EXISTS ({OWN_NEED})",
)
_keep(
    "need_end_is_final",
    NEED,
    ("UPDATE",),
    "What became of a need does not change.",
    "OLD.state <> 'open' AND (NEW.state <> OLD.state OR NEW.ended_at <> OLD.ended_at)",
)
_keep(
    "need_stays_what_it_is",
    NEED,
    ("UPDATE",),
    "Who posted a need, of which kind and for what, is amended by nobody.",
    "NEW.institution_id <> OLD.institution_id OR NEW.kind <> OLD.kind OR NEW.what <> OLD.what",
)

OWN = (
    f"SELECT 1 FROM resources_resource r, {NEED} n WHERE r.id = NEW.resource_id "
    "AND n.id = NEW.need_id AND r.institution_id = NEW.institution_id AND r.kind = n.kind "
    "AND n.institution_id <> NEW.institution_id"
)
_keep(
    "answer_with_an_own_resource",
    ANSWER,
    ("INSERT",),
    "A need of somebody else is answered with a resource of one's own, of the need's kind.",
    f"NOT EXISTS ({OWN})",
)
_keep(
    "answer_is_only_taken_back",
    ANSWER,
    ("UPDATE",),
    "An answer to a need is taken back once, and nothing else of it changes.",
    "OLD.taken_back_at IS NOT NULL OR NEW.need_id <> OLD.need_id "
    "OR NEW.institution_id <> OLD.institution_id OR NEW.resource_id <> OLD.resource_id "
    "OR NEW.answered_at <> OLD.answered_at OR NEW.note <> OLD.note",
)

append_only(
    "scheduling_needamendment", "What a need was before it was amended is never changed or removed."
)
