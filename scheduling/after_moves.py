"""What follows a move of a request in the same transaction: the parts around it register here.

A function gets ``sharing_request`` (as it is now), ``transition`` (the name of the transition or of
the change of times), ``by`` and ``now``, as keywords.  It runs after the transition log and the
notices and before the audit chain is locked, so that the order of locks stays resource → request →
own rows → audit chain: it may write rows of its own, and end requests whose resources the decision
has locked already (``_lock.lock_to_decide``).  Who must lock others leaves a mark and lets an
action or a job do that.
"""

from collections.abc import Callable
from datetime import datetime

from medshare_portal.registry import Registry

after_moves: Registry[Callable[..., None]] = Registry("function after a move")


def register(follow: Callable[..., None]) -> Callable[..., None]:
    """Let the function follow every move; also as a decorator."""
    return after_moves.add(f"{follow.__module__}.{follow.__qualname__}", follow)


def follow_up(sharing_request, transition: str, *, by, now: datetime) -> None:
    """Call what is registered, in the order of registration; what fails takes the move back."""
    for follow in after_moves:
        follow(sharing_request=sharing_request, transition=transition, by=by, now=now)
