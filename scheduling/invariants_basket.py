"""The truths of baskets as queries: all or nothing is never half, whoever looks and whenever."""

from scheduling.invariant import HANDED_OVER, OPEN, REQUEST, Invariant, listed
from scheduling.states import State

BASKET = "scheduling_basket"
ITEMS = f"{REQUEST} item JOIN {BASKET} basket ON basket.id = item.basket_id"
WHOLE = "basket.together = 'all'"
STILL_WANTED = listed((*State.PENDING, State.APPROVED))


def _of_items(name: str, truth: str, condition: str) -> Invariant:
    """A truth about single items of baskets."""
    return Invariant(
        name=name,
        truth=truth,
        query="SELECT basket.id, item.id, item.state, basket.state "  # noqa: S608 - constants
        f"FROM {ITEMS} WHERE {condition}",
        says="basket {0} is {3}, its request {1} is {2}",
    )


BASKETS = (
    _of_items(
        "an open basket has lost nothing",
        "While an all-or-nothing basket is open, each of its items waits or is approved.",
        f"{WHOLE} AND basket.state = 'open' AND item.state NOT IN ({STILL_WANTED})",
    ),
    _of_items(
        "a released basket holds nothing",
        "When an all-or-nothing basket has come to nothing, every item of it has ended.",
        f"basket.state = 'released' AND item.state IN ({OPEN})",
    ),
    _of_items(
        "nothing leaves a basket early",
        "Nothing of an all-or-nothing basket is handed over before it is complete.",
        f"{WHOLE} AND basket.state <> 'complete' AND item.state IN ({HANDED_OVER})",
    ),
    _of_items(
        "one asks for a basket",
        "The items of a basket are asked for by the institution that sent it.",
        "item.borrower_id <> basket.borrower_id",
    ),
    Invariant(
        name="a complete basket was approved whole",
        truth="Every item of a complete all-or-nothing basket was approved.",
        query=f"SELECT basket.id, item.id FROM {ITEMS} "  # noqa: S608 - constants
        f"WHERE {WHOLE} AND basket.state = 'complete' AND NOT EXISTS (SELECT 1 "
        "FROM scheduling_transitionlog step WHERE step.sharing_request_id = item.id "
        "AND step.to_state = 'approved')",
        says="basket {0} is complete, and nobody approved its request {1}",
    ),
    Invariant(
        name="a basket is sent whole",
        truth="A sent basket has as many items as were sent; a draft has none.",
        query="SELECT basket.id, basket.item_count, COUNT(item.id) "  # noqa: S608 - constants
        f"FROM {BASKET} basket LEFT JOIN {REQUEST} item ON item.basket_id = basket.id "
        "GROUP BY basket.id, basket.item_count HAVING basket.item_count <> COUNT(item.id)",
        says="basket {0} was sent with {1} items and has {2}",
    ),
    Invariant(
        name="lines are of drafts",
        truth="What was sent is a request: only drafts have lines.",
        query="SELECT basket.id, line.id FROM scheduling_basketline line "  # noqa: S608
        f"JOIN {BASKET} basket ON basket.id = line.basket_id WHERE basket.state <> 'draft'",
        says="basket {0} is sent and still has line {1}",
    ),
)
