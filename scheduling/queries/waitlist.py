"""What an institution waits for, with its place in each line."""

from datetime import datetime, timedelta

from scheduling.models import WaitlistEntry
from scheduling.queries.waiting_line import Place, in_order, places_of
from scheduling.waiting import WaitState

ENDED_SHOWN = 30
SHOWN_FOR = timedelta(days=60)


def own_entries(institution):
    rows = WaitlistEntry.objects.owned_by(institution)
    return rows.select_related(
        "resource__institution",
        "resource__site",
        "category",
        "site",
        "created_by",
        "series",
        "promise__resource__institution",
        "promise__resource__site",
    )


def open_entries(institution) -> list[tuple[WaitlistEntry, Place | None]]:
    """Offered places first, then the line, each with its place."""
    entries = list(own_entries(institution).open())
    places = places_of(entries)
    offered = [entry for entry in entries if entry.state == WaitState.OFFERED]
    offered.sort(key=lambda entry: entry.offered_until)
    waiting = in_order(entry for entry in entries if entry.state == WaitState.WAITING)
    return [(entry, places.get(entry.pk)) for entry in [*offered, *waiting]]


def ended_entries(institution, now: datetime) -> list[WaitlistEntry]:
    rows = own_entries(institution).filter(state__in=WaitState.ENDED, ended_at__gt=now - SHOWN_FOR)
    return list(rows.order_by("-ended_at", "-pk")[:ENDED_SHOWN])
