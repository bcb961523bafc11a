"""A series: several dates of one resource, asked for as one; each is judged by itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from medshare_portal import audit, policy
from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission
from resources.models import Resource
from scheduling import series_told
from scheduling.actions import decisions, requests, waitlist
from scheduling.actions._lock import lock_resource, lock_to_decide, require
from scheduling.kinds import kinds
from scheduling.models import Series, SharingRequest, WaitlistEntry
from scheduling.queries.series import fits_beside
from scheduling.states import DeclineReason, State

Times = tuple[datetime, datetime]


class NoDates(Refusal):
    message = _("Choose at least one date.")
    status = 422


class TooManyDates(Refusal):
    message = _("A series has at most %(most)s dates.")
    status = 422

    def __init__(self, most: int):
        super().__init__(str(self.message) % {"most": most})


class DatesTooClose(Refusal):
    """Beside the other dates no unit is left for this one, buffers included."""

    message = _(
        "The time, with set-up, transport and cleaning, meets that of another date of this series: "
        "choose again."
    )
    status = 422


class DatesRefused(Refusal):
    """Dates that cannot be had as they were chosen; nothing was sent or changed."""

    message = _("Some dates cannot be had any more. Nothing was changed: look at them again.")

    def __init__(self, refusals: dict[datetime, Refusal]):
        super().__init__()
        self.refusals = refusals
        self.status = max(refusal.status for refusal in refusals.values())


@dataclass(kw_only=True)
class Answered:
    """What became of the dates that an owner decided together."""

    approved: list[SharingRequest] = field(default_factory=list)
    declined: list[SharingRequest] = field(default_factory=list)
    failed: list[tuple[SharingRequest, Refusal]] = field(default_factory=list)


@transaction.atomic
def send(
    *,
    resource: Resource,
    borrower,
    terms,
    dates: Iterable[Times],
    waiting: Iterable[Times] = (),
    rule: str = "",
    by,
    now: datetime,
) -> Series | None:
    """Ask for all these dates, or – when one of them is refused – for none; and stand in line for
    those of ``waiting``, which join the series once they are had.  None where there is nothing but
    those.

    ``terms`` are those of every date, RequestTerms or what the kind's ``ask`` takes; their own
    times do not count.  Each date is checked under the lock of the resource, and beside the others.

    Raises NoDates, TooManyDates, DatesRefused, WrongSite, MayNotPass, and
    what joining a line raises.
    """
    require(by=by, institution=borrower, permission=Permission.ASK, kind=resource.kind)
    wanted, missed = sorted(dates), sorted(set(waiting))
    most = policy.current().series.most_dates
    if not wanted and not missed:
        raise NoDates
    if len(wanted) + len(missed) > most:
        raise TooManyDates(most)
    resource = lock_resource(resource.pk)
    if not wanted:
        for times in missed:
            _wait_for(times, resource, borrower, terms, by=by, now=now)
        return None
    series = Series.objects.create(
        resource=resource,
        owner=resource.institution,
        borrower=borrower,
        kind=resource.kind,
        rule=rule,
        created_at=now,
        created_by=by,
        counted_from=now,
    )
    terms = replace(terms, series=series)
    for times in missed:
        _wait_for(times, resource, borrower, terms, by=by, now=now)
    ask_for(series, resource, terms, wanted, by=by, now=now)
    audit_series(series, "send", by=by, now=now, data={"dates": len(wanted), "rule": rule})
    return series


def _wait_for(times: Times, resource: Resource, borrower, terms, *, by, now) -> None:
    """A place in the line for one date; who waits for it already keeps the place."""
    try:
        with transaction.atomic():
            _join(times, resource, borrower, terms, by=by, now=now)
    except waitlist.AlreadyWaiting:
        rows = WaitlistEntry.objects.owned_by(borrower).waiting()
        same = rows.filter(resource=resource, starts_at=times[0], ends_at=times[1])
        same.filter(series=None).update(series=terms.series)


def _join(times: Times, resource: Resource, borrower, terms, *, by, now) -> None:
    waitlist.join(
        borrower=borrower,
        resource=resource,
        starts_at=times[0],
        ends_at=times[1],
        units=terms.units,
        priority=terms.priority,
        purpose=terms.purpose,
        site=terms.delivery_site,
        series=terms.series,
        by=by,
        now=now,
    )


def ask_for(series: Series, resource: Resource, terms, wanted: list[Times], *, by, now) -> None:
    """One request for each of the times, by the kind's own action; raises DatesRefused with all
    that cannot be had."""
    refusals: dict[datetime, Refusal] = {}
    asked: list[SharingRequest] = []
    ask = kinds[series.kind].ask or requests.ask
    for starts_at, ends_at in wanted:
        one = replace(terms, starts_at=starts_at, ends_at=ends_at)
        try:
            with transaction.atomic():
                row = ask(resource=resource, borrower=series.borrower, terms=one, by=by, now=now)
                keep_apart(row, asked)
            asked.append(row)
        except (requests.WrongSite, requests._rules.MayNotPass):
            raise  # the same for every date
        except Refusal as refusal:
            refusals[starts_at] = refusal
    if refusals:
        raise DatesRefused(refusals)


def keep_apart(row: SharingRequest, others: Iterable[SharingRequest]) -> None:
    """Requests block nobody while they wait: the owner who agrees to the first of two that are too
    close would meet it only at the second.  Raises DatesTooClose."""
    kept = [(other.blocked_from, other.blocked_until) for other in others]
    span = row.blocked_from, row.blocked_until
    if not fits_beside(span, kept, units=row.units, of=row.resource.units):
        raise DatesTooClose


def answer(
    *,
    series: Series,
    approve: Iterable[int],
    decline: Iterable[int],
    versions: Mapping[int, int] | None = None,
    accepted: dict[str, str] | None = None,
    reason_code: str = "",
    text: str = "",
    by,
    now: datetime,
) -> Answered:
    """The owner books some dates and declines others; both are keys of requests of the series.

    ``versions``: as the dates were seen; ``accepted``: code → reason of warnings, for every date.
    Each date stands by itself: one that fails is named in the result and stops no other.
    """
    require(by=by, institution=series.owner, permission=Permission.DECIDE, kind=series.kind)
    yes, no = set(approve), set(decline)
    rows = locked_dates(series, keys=yes | no)
    found, seen = Answered(), versions or {}
    for row in rows:
        said = {"sharing_request": row, "version": seen.get(row.pk), "text": text}
        try:
            with transaction.atomic():
                if row.pk in yes:
                    decisions.approve(**said, accepted=accepted, by=by, now=now)
                    found.approved.append(row)
                else:
                    reason = DeclineReason(reason_code)
                    decisions.decline(**said, reason_code=reason, by=by, now=now)
                    found.declined.append(row)
        except Refusal as refusal:
            found.failed.append((row, refusal))
    series_told.tell_answered(series, found.approved, found.declined, text=text, now=now)
    return found


def locked_dates(series: Series, *, keys=None, since: datetime | None = None):
    """Open dates of a series by their start, their resources locked in the order of the keys, so
    that two who work on several resources never wait for each other."""
    dates = SharingRequest.objects.of_series(series).filter(state__in=State.OPEN)
    if keys is not None:
        dates = dates.filter(pk__in=keys)
    if since is not None:
        dates = dates.filter(starts_at__gt=since)
    lock_to_decide({series.resource_id, *dates.values_list("resource_id", flat=True)})
    return list(
        dates.select_related(
            "resource__site", "owner", "borrower", "offer", "delivery_site"
        ).order_by("starts_at", "pk")
    )


def audit_series(series: Series, action: str, *, by, now: datetime, data: dict) -> None:
    """What was done to the series as a whole, in both institutions' trails."""
    audit.record(
        chains=[series.owner.slug, series.borrower.slug],
        by=by,
        action=f"series.{action}",
        obj=series,
        now=now,
        data=data,
    )
