"""Requests that are answered and still run: their answers count on the day of the decision."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from medshare_portal.site_hours import Calendars
from scheduling.deadlines import Step, after, allowed
from scheduling.kinds import zone_of
from scheduling.models import SharingRequest
from scheduling.states import State

# kind, urgency, zone, when, seconds from the asking
Answer = tuple[str, str, str, datetime, int]
OPEN = [state for state in State.OPEN if state != State.HELD]


def open_answers(rows, since: datetime, until: datetime) -> Iterator[Answer]:
    """``rows``: a scoped queryset of requests."""
    found = rows.filter(state__in=OPEN, decided_at__gte=since, decided_at__lt=until)
    for row in found.select_related("resource__site", "delivery_site").order_by("pk"):
        waited = (row.decided_at - row.submitted_at).total_seconds()
        yield row.kind, row.priority, zone_of(row), row.decided_at, int(waited)


def answers_due(
    rows: Iterable[SharingRequest], since: datetime, until: datetime
) -> dict[int, datetime]:
    """By when each that was answered in this time had to be; the sites' hours are read once."""
    answered = [row for row in rows if row.decided_at and since <= row.decided_at < until]
    if not answered:
        return {}
    calendars = Calendars(min(row.submitted_at for row in answered))
    return {row.pk: due_of(row, calendars) for row in answered}


def due_of(row: SharingRequest, calendars: Calendars) -> datetime:
    """By when its owner had to answer, as its fact of use will say."""
    return after(
        row.submitted_at,
        allowed(Step.ANSWER, row.priority),
        site=row.resource.site,
        priority=row.priority,
        calendars=calendars,
    )
