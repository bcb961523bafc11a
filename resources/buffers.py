"""The time around a use in which nobody else can have the resource."""

from datetime import datetime, timedelta
from functools import lru_cache

from resources.enums import ShareMode


def before_and_after(*, offer, mode: str) -> tuple[timedelta, timedelta]:
    """Set-up and the way there before; the way back and cleaning after.

    Only a loan travels.  ``offer`` None (own resources without terms) means no buffers.
    """
    if offer is None:
        return timedelta(0), timedelta(0)
    way = offer.transport_minutes if mode == ShareMode.LOAN else 0
    return _minutes(offer.setup_minutes + way), _minutes(way + offer.cleaning_minutes)


@lru_cache(maxsize=1024)
def _minutes(number: int) -> timedelta:
    """Offers of a city name few different ones, and a search asks for each."""
    return timedelta(minutes=number)


def blocked_period(
    *, offer, mode: str, starts_at: datetime, ends_at: datetime
) -> tuple[datetime, datetime]:
    """(blocked_from, blocked_until) of a use from ``starts_at`` to ``ends_at``."""
    before, after = before_and_after(offer=offer, mode=mode)
    return starts_at - before, ends_at + after
