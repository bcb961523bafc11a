"""Times of a resource that reports count: what changes them says so here, in its transaction.

A follower gets ``resource`` (with its site), the span ``since``–``until`` in which something may
count otherwise than before, ``cause`` and ``now``, as keywords.  It may write rows of its own.
"""

from collections.abc import Callable
from datetime import datetime

from medshare_portal.registry import Registry

followers: Registry[Callable[..., None]] = Registry("follower of counted times")


def register(follow: Callable[..., None]) -> Callable[..., None]:
    """Let the function follow every change; also as a decorator."""
    return followers.add(f"{follow.__module__}.{follow.__qualname__}", follow)


def changed(resource, since: datetime, until: datetime, *, cause: str, now: datetime) -> None:
    """What lies ahead needs no telling: nothing of it is counted yet."""
    if since < now and since < until:
        for follow in followers:
            follow(resource=resource, since=since, until=min(until, now), cause=cause, now=now)
