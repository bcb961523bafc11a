"""The places of the wait-list that are held for an institution now, the first to end first."""

from collections.abc import Collection
from datetime import datetime

from scheduling.models import WaitlistEntry
from scheduling.waiting import WaitState


def offered_places(institution, kinds: Collection[str], *, now: datetime) -> list[WaitlistEntry]:
    """Of these kinds; one statement.  Few are offered at a time, so all are read."""
    rows = WaitlistEntry.objects.owned_by(institution).filter(
        state=WaitState.OFFERED, kind__in=kinds, offered_until__gt=now
    )
    related = rows.select_related("promise__owner", "promise__resource")
    return list(related.order_by("offered_until", "pk"))
