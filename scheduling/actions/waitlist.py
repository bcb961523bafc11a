"""The borrower's side of the wait-list: join the line, pass a place on, leave."""

from contextlib import suppress
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from medshare_portal import audit, policy
from medshare_portal.db.errors import violates
from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission
from resources.limits import longest_loan
from scheduling.actions._lock import lock_request, require
from scheduling.actions._move import move
from scheduling.kinds import Claim, kinds
from scheduling.models import WaitlistEntry
from scheduling.states import Priority, Side, State
from scheduling.waiting import WaitState


class NotWaitedFor(Refusal):
    """The kind has no line: it is not lent for a time."""

    message = _("There is no wait-list for this. Post a need instead.")
    status = 422


class OwnResource(Refusal):
    message = _("You own this resource.")
    status = 422


class WindowPast(Refusal):
    message = _("This time is already past. Choose a later start.")
    field = "starts_at"
    status = 422


class WindowTooFar(Refusal):
    message = _("The line is kept for at most %(days)s days ahead. End earlier.")
    field = "ends_at"
    status = 422

    def __init__(self, days: int):
        super().__init__(str(self.message) % {"days": days})


class UseTooLong(Refusal):
    """The use does not fit into its window, or no offer may promise so long a time."""

    message = _("The use is longer than the time in which it may lie.")
    field = "hours"
    status = 422


class AlreadyWaiting(Refusal):
    message = _("You wait for this already, for the same time.")


class TooManyWaiting(Refusal):
    message = _("Your institution waits for %(most)s things already. Leave one line first.")

    def __init__(self, most: int):
        super().__init__(str(self.message) % {"most": most})


class NoLongerWaiting(Refusal):
    message = _("This place in the line has ended already.")


class NoLongerOffered(Refusal):
    message = _("This place is no longer held for you")


def may_wait_for(kind: str) -> bool:
    """Whether things of the kind have a line."""
    return kinds[kind].claim is Claim.TIME


def join(
    *,
    borrower,
    starts_at: datetime,
    ends_at: datetime,
    by,
    now: datetime,
    resource=None,
    category=None,
    length: timedelta | None = None,
    units: int = 1,
    priority: str = Priority.ROUTINE,
    purpose: str = "",
    site=None,
    within_km: int | None = None,
    series=None,
) -> WaitlistEntry:
    """Stand in line for a resource, or for anything of a category (within a distance of ``site``).

    ``starts_at`` is the earliest begin, ``ends_at`` the latest end, ``length`` how long the use is
    (all of it, if nothing is said), ``series`` that of which it is a date.  Raises NotYours and
    what ``_check`` and ``_store`` raise.
    """
    kind = (resource or category).kind
    require(by=by, institution=borrower, permission=Permission.ASK, kind=kind)
    length = length or ends_at - starts_at
    _check(borrower, kind, resource, starts_at, ends_at, length, now)
    entry = WaitlistEntry(
        borrower=borrower,
        kind=kind,
        resource=resource,
        category=category,
        site=site,
        series=series,
        within_km=within_km,
        units=units,
        starts_at=starts_at,
        ends_at=ends_at,
        minutes=int(length / timedelta(minutes=1)),
        latest_start=ends_at - length,
        priority=priority,
        purpose=purpose,
        state=WaitState.WAITING,
        joined_at=now,
        created_by=by,
        next_look_at=now,
    )
    _store(entry)
    _record(entry, "joined", by, now)
    return entry


def _check(borrower, kind, resource, starts_at, ends_at, length, now) -> None:
    if not may_wait_for(kind):
        raise NotWaitedFor
    if resource is not None and resource.institution_id == borrower.pk:
        raise OwnResource
    limits = policy.current().waitlist
    if starts_at < now - timedelta(minutes=policy.current().request.past_grace_minutes):
        raise WindowPast
    if ends_at > now + timedelta(days=limits.longest_days):
        raise WindowTooFar(limits.longest_days)
    if not timedelta(minutes=1) <= length <= min(longest_loan(), ends_at - starts_at):
        raise UseTooLong
    if WaitlistEntry.objects.owned_by(borrower).open().count() >= limits.most_open:
        raise TooManyWaiting(limits.most_open)


def _store(entry: WaitlistEntry) -> None:
    try:
        with transaction.atomic():
            entry.save()
    except IntegrityError as error:
        if any(
            violates(error, name)
            for name in (
                "waitlist_resource_once",
                "waitlist_category_once",
                "scheduling_waitlistentry.borrower_id",
            )
        ):
            raise AlreadyWaiting from error
        raise


def leave_dates(*, series, since: datetime, by, now: datetime) -> int:
    """Leave the line for the dates of a series from ``since`` on, and give back the places that
    are offered; returns how many.  The system does so with nobody in ``by``."""
    rows = WaitlistEntry.objects.owned_by(series.borrower).open()
    dates = rows.filter(series=series, starts_at__gte=since).order_by("pk")
    entries = list(dates.select_related("borrower", "resource", "category", "promise"))
    left = 0
    for entry in entries:
        with suppress(NoLongerWaiting):  # its time ran out at this moment
            _leave(entry, by, now)
            left += 1
    return left


def pass_on(*, entry: WaitlistEntry, by, now: datetime) -> WaitlistEntry:
    """Let this one place go to the next in line and wait on, at the same rank; it is not offered
    here a second time (``waiting_line.passed_on``).  Raises NotYours, NoLongerOffered."""
    require(by=by, institution=entry.borrower, permission=Permission.ASK, kind=entry.kind)
    if entry.promise_id is None:
        raise NoLongerOffered
    held = lock_request(entry.promise)
    offered = WaitlistEntry.objects.owned_by(entry.borrower).filter(
        pk=entry.pk, state=WaitState.OFFERED, promise=held
    )
    if held.state != State.HELD or not offered.update(
        state=WaitState.WAITING, promise=None, offered_until=None, next_look_at=now
    ):
        raise NoLongerOffered
    move(held, "withdraw", side=Side.BORROWER, by=by, now=now, due_at=None)
    _record(entry, "passed_on", by, now)
    return _fresh(entry)


def leave(*, entry: WaitlistEntry, by, now: datetime) -> WaitlistEntry:
    """Give up the place in the line; an offered place goes to the next.  Raises NotYours,
    NoLongerWaiting."""
    require(by=by, institution=entry.borrower, permission=Permission.ASK, kind=entry.kind)
    return _leave(entry, by, now)


def _leave(entry: WaitlistEntry, by, now: datetime) -> WaitlistEntry:
    if entry.promise_id:
        return _give_back(entry, by, now)
    rows = WaitlistEntry.objects.owned_by(entry.borrower).waiting()
    if not rows.filter(pk=entry.pk).update(state=WaitState.LEFT, ended_at=now):
        raise NoLongerWaiting
    _record(entry, "left", by, now)
    return _fresh(entry)


def _give_back(entry: WaitlistEntry, by, now: datetime) -> WaitlistEntry:
    """The held request is withdrawn; what follows that move ends the entry (``promises``)."""
    held = lock_request(entry.promise)
    if held.state != State.HELD:
        raise NoLongerWaiting
    if by is None:  # no time ran out: the entry ends first, and nobody is told that it missed it
        rows = WaitlistEntry.objects.owned_by(entry.borrower).filter(pk=entry.pk)
        rows.update(state=WaitState.LEFT, ended_at=now)
        move(held, "lapse", side=Side.SYSTEM, by=None, now=now, due_at=None)
    else:
        move(held, "withdraw", side=Side.BORROWER, by=by, now=now, due_at=None)
    _record(entry, "left", by, now)
    return _fresh(entry)


def _fresh(entry: WaitlistEntry) -> WaitlistEntry:
    return WaitlistEntry.objects.owned_by(entry.borrower).get(pk=entry.pk)


def _record(entry: WaitlistEntry, action: str, by, now: datetime) -> None:
    audit.record(
        chains=[entry.borrower.slug],
        by=by,
        action=f"waitlist.{action}",
        obj=entry,
        now=now,
        data={
            "wanted": str(entry.wanted),
            "starts_at": entry.starts_at.isoformat(),
            "ends_at": entry.ends_at.isoformat(),
        },
    )
