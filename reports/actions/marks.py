"""Which days that are counted already must be counted anew: marks, left by what changed them.

A day is counted once it has ended, so what changes today or later leaves no mark.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from medshare_portal.db.prepared_writes import PreparedInsert
from reports.models import DayMark, UsageFact
from resources import counted_times
from scheduling.after_moves import register
from scheduling.kinds import zone_of
from scheduling.models import SharingRequest, TransitionLog

DAY = timedelta(days=1)
NEW_MARK = PreparedInsert(DayMark)
# Steps that change what was booked, whenever that was.
OF_BOOKINGS = frozenset(
    {
        "approve", "approve_by_city", "auto_approve", "accept_counter", "cancel",
        "cancel_by_owner", "release_booking", "no_show", "extend", "recall", "shortening",
        "change_hours",
    }
)  # fmt: skip
# Steps after which the owner has not answered yet, though it had.
TAKES_ANSWER_BACK = frozenset({"resubmit"})


@register
def follow(*, sharing_request: SharingRequest, transition: str, by, now: datetime) -> None:
    """Runs in the move's transaction; a row for either side, where past days change."""
    if transition in TAKES_ANSWER_BACK:
        answered = _answered_before(sharing_request)
        _leave_of(sharing_request, answered, answered, transition, now)
    if sharing_request.starts_at is None:
        return
    since = _changed_since(sharing_request, transition)
    if since is not None and since < now:
        _leave_of(sharing_request, since, now, transition, now)


def _leave_of(row: SharingRequest, since: datetime, until: datetime, cause: str, now) -> None:
    """For both sides, from the day of one moment to that of the other; of today nothing."""
    zone = ZoneInfo(zone_of(row))
    today = now.astimezone(zone).date()
    leave(
        row.owner_id,
        row.borrower_id,
        first=since.astimezone(zone).date(),
        last=min(until.astimezone(zone).date(), today - DAY),
        cause=cause,
        now=now,
    )


def _answered_before(sharing_request: SharingRequest) -> datetime:
    """When it was sent back: that answer is none any more, and counts on its day no longer."""
    rows = TransitionLog.objects.of(sharing_request).filter(transition="counter")
    return rows.order_by("-pk").values_list("at", flat=True).first()


def _changed_since(sharing_request: SharingRequest, transition: str) -> datetime | None:
    if transition == "return":
        return sharing_request.actual_ends_at
    if transition == "change_hours":
        return min(sharing_request.starts_at, _began_before(sharing_request))
    return sharing_request.starts_at if transition in OF_BOOKINGS else None


def _began_before(sharing_request: SharingRequest) -> datetime:
    """The start that the step took away, from its line in the log."""
    rows = TransitionLog.objects.of(sharing_request).order_by("-pk")
    old = rows.values_list("old_starts_at", flat=True).first()
    return old or sharing_request.starts_at


def of_fact(fact: UsageFact, *, cause: str, now: datetime) -> None:
    """A fact was corrected: the days that it counts in, as before."""
    today = now.astimezone(ZoneInfo(fact.time_zone)).date()
    leave(
        fact.owner_key,
        fact.borrower_key,
        first=fact.first_day,
        last=min(fact.last_day, today - DAY),
        cause=cause,
        now=now,
    )


@counted_times.register
def of_resource(*, resource, since: datetime, until: datetime, cause: str, now: datetime) -> None:
    """Offered or kept times of a resource changed, or what it counts as."""
    zone = ZoneInfo(resource.site.time_zone)
    today = now.astimezone(zone).date()
    leave(
        resource.institution_id,
        first=since.astimezone(zone).date(),
        last=min(until.astimezone(zone).date(), today - DAY),
        cause=cause,
        now=now,
    )


def leave(*institutions: int, first: date, last: date, cause: str, now: datetime) -> None:
    """One row for each, in one statement; nothing where none of the days is over."""
    if first <= last:
        NEW_MARK.many(
            DayMark(institution_key=pk, first_day=first, last_day=last, cause=cause, marked_at=now)
            for pk in institutions
        )
