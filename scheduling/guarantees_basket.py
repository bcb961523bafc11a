"""Truths of baskets that the database keeps by itself, on PostgreSQL and SQLite."""

from medshare_portal.db.guarantees import Guarantee, declare
from scheduling.basket_states import BasketState
from scheduling.guarantees import TABLE, abort, refuse
from scheduling.states import State

BASKET, LINE = "scheduling_basket", "scheduling_basketline"
CHECK = "check_violation"


def _texts(values) -> str:
    return ", ".join(f"'{value}'" for value in values)


def _declare(name: str, table: str, events, truth: str, refusals: dict[str, str]) -> None:
    """``refusals``: message → condition, the same on both databases."""
    declare(
        Guarantee(
            name=name,
            table=table,
            events=events,
            truth=truth,
            sqlite="".join(abort(message, condition) for message, condition in refusals.items()),
            postgresql=" ".join(
                refuse(condition, message, CHECK) for message, condition in refusals.items()
            ),
        )
    )


OF_IT = f"SELECT 1 FROM {BASKET} b WHERE b.id = NEW.basket_id"
IN_ONE = "NEW.basket_id IS NOT NULL"

_declare(
    "request_is_of_its_basket",
    TABLE,
    ("INSERT", "UPDATE"),
    "An item is asked for by the basket's borrower; of an all-or-nothing basket nothing is under "
    "way before everything is approved.",
    {
        "request_of_the_baskets_borrower": f"{IN_ONE} AND NOT EXISTS ({OF_IT} "
        "AND b.borrower_id = NEW.borrower_id)",
        "request_waits_for_its_basket": f"{IN_ONE} AND NEW.state = 'underway' AND EXISTS ({OF_IT} "
        "AND b.together = 'all' AND b.state <> 'complete')",
    },
)
TAKEN_OFF = " OR ".join(
    (
        "NEW.starts_at > OLD.starts_at",
        "NEW.ends_at < OLD.ends_at",
        "NEW.units < OLD.units",
        "NEW.quantity < OLD.quantity",
    )
)
_declare(
    "request_stays_whole",
    TABLE,
    ("UPDATE",),
    "Nothing is taken off an item of an all-or-nothing basket by its approval, or after that while "
    "others wait.",
    {
        "request_whole_in_its_basket": f"{IN_ONE} AND NEW.state = 'approved' "
        f"AND OLD.state IN ('requested', 'approved') AND ({TAKEN_OFF}) "
        f"AND EXISTS ({OF_IT} AND b.together = 'all' AND b.state = 'open')",
    },
)
_declare(
    "request_begins_in_a_draft",
    TABLE,
    ("INSERT",),
    "Requests join a basket only while it is being sent.",
    {"request_joins_a_draft": f"{IN_ONE} AND NOT EXISTS ({OF_IT} AND b.state = 'draft')"},
)
_declare(
    "request_stays_in_its_basket",
    TABLE,
    ("UPDATE",),
    "A request keeps its basket, and none joins later.",
    {
        "request_keeps_its_basket": "OLD.basket_id IS NOT NULL AND "
        "(NEW.basket_id IS NULL OR NEW.basket_id <> OLD.basket_id)",
        "request_joins_a_draft": f"OLD.basket_id IS NULL AND {IN_ONE} "
        f"AND NOT EXISTS ({OF_IT} AND b.state = 'draft')",
    },
)

ITEMS = f"SELECT COUNT(*) FROM {TABLE} item WHERE item.basket_id = NEW.id"
MOVES = " OR ".join(
    f"(OLD.state = '{old}' AND NEW.state = '{new}')" for old, new in BasketState.MOVES
)
BECOMES = "NEW.state = '{}' AND OLD.state <> NEW.state AND "

_declare(
    "basket_begins_as_a_draft",
    BASKET,
    ("INSERT",),
    "A basket begins as a draft.",
    {"basket_begins_as_a_draft": "NEW.state <> 'draft'"},
)
_declare(
    "basket_is_as_its_items_are",
    BASKET,
    ("UPDATE",),
    "A basket moves one way; sent with all its items it keeps its terms; it is complete when every "
    "item is approved and released when no item holds anything.",
    {
        "basket_illegal_move": f"OLD.state <> NEW.state AND NOT ({MOVES})",
        "basket_keeps_its_terms": "OLD.state <> 'draft' AND (NEW.together <> OLD.together "
        "OR NEW.item_count <> OLD.item_count OR NEW.deadline_at <> OLD.deadline_at)",
        "basket_keeps_its_people": "NEW.borrower_id <> OLD.borrower_id "
        "OR NEW.created_by_id <> OLD.created_by_id",
        "basket_counts_its_items": BECOMES.format("open") + f"({ITEMS}) <> NEW.item_count",
        "basket_complete_is_approved": BECOMES.format("complete")
        + f"NEW.together = 'all' AND ({ITEMS} AND item.state = 'approved') <> NEW.item_count",
        "basket_complete_is_answered": BECOMES.format("complete")
        + f"({ITEMS} AND item.state IN ({_texts(State.PENDING)})) > 0",
        "basket_released_is_empty": BECOMES.format("released")
        + f"({ITEMS} AND item.state IN ({_texts(State.OPEN)})) > 0",
    },
)
_declare(
    "basket_line_of_a_draft",
    LINE,
    ("INSERT", "UPDATE"),
    "Lines are of drafts only.",
    {"basket_line_of_a_draft": f"NOT EXISTS ({OF_IT} AND b.state = 'draft')"},
)
