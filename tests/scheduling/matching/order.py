"""Which of some plans is the best, said slowly."""

from collections.abc import Iterable
from math import ceil

PRICE = 0.005  # of the needs that could be served


def best_of(plans: Iterable[tuple], price: float = PRICE) -> tuple:
    """Of plans as (urgent, equity, served, …), in lexicographic order; but equity must not cost
    more than its price of what plans of the best first tier serve."""
    found = list(plans)
    urgent = max(plan[0] for plan in found)
    first = [plan for plan in found if plan[0] >= urgent - 1e-9]
    most = max(plan[2] for plan in first)
    least = ceil(most * (1 - price) - 1e-6) if float(most).is_integer() else most * (1 - price)
    return max(plan for plan in first if plan[2] >= least - 1e-9)
