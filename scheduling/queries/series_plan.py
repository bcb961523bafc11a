"""What other hours would make of the dates of a series, before anything is changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from medshare_portal.findings import Finding, Findings
from scheduling.kinds import kinds, zone_of
from scheduling.models import Series, SharingRequest
from scheduling.queries.related import related_for_rules
from scheduling.queries.rule_facts import contexts_of, wish_of
from scheduling.queries.series import fits_beside
from scheduling.recurrence import Hours, use_on
from scheduling.rules import findings_for_request
from scheduling.states import State

Times = tuple[datetime, datetime]
CHANGEABLE = (State.REQUESTED, State.APPROVED)


@dataclass(frozen=True, kw_only=True)
class PlannedChange:
    """One date as it would be; ``stays_booked``: the new times need no new answer."""

    request: SharingRequest
    times: Times
    findings: Findings
    stays_booked: bool
    crowded: bool = False  # beside the dates that change before it no unit is left for it

    @property
    def new_warnings(self) -> list[Finding]:
        """Those that were not passed before."""
        passed = {entry["code"] for entry in self.request.accepted_findings}
        return [finding for finding in self.findings.warnings if finding.code not in passed]


def chosen(
    rows: Iterable[SharingRequest], first: SharingRequest | None, *, following: bool
) -> list[SharingRequest]:
    """``first`` alone, from it on, or – where it is None – all."""
    if first is None:
        return list(rows)
    if not following:
        return [row for row in rows if row.pk == first.pk]
    return [row for row in rows if row.starts_at >= first.starts_at]


def times_after(row: SharingRequest, hours: Hours, weekday: int | None) -> Times:
    """When a date would be, on the wall of its site; ``weekday`` of the same week."""
    zone = ZoneInfo(zone_of(row))
    day = row.starts_at.astimezone(zone).date()
    if weekday is not None:
        day += timedelta(days=weekday - day.weekday())
    use = use_on(day, hours, zone)
    return use.starts_at, use.ends_at


def stays_booked(row: SharingRequest, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether the new times need no new answer of the owner."""
    if kinds[row.kind].terms_again is not None:
        return False
    within = row.starts_at <= starts_at and ends_at <= row.ends_at
    return row.state == State.REQUESTED or within


def planned_changes(
    series: Series,
    first: SharingRequest,
    *,
    following: bool,
    hours: Hours,
    weekday: int | None,
    now: datetime,
) -> list[PlannedChange]:
    """Every date that would change, as the rules see it now; a constant number of queries."""
    dates = SharingRequest.objects.of_series(series).filter(starts_at__gt=now, state__in=CHANGEABLE)
    related = dates.select_related(
        *related_for_rules(series.kind, "resource__"), "owner", "borrower", "offer", "delivery_site"
    )
    every = list(related.order_by("starts_at", "pk"))
    moved = moves(chosen(every, first, following=following), hours, weekday)
    after = {row.pk: when for row, when in moved}
    given_back = frozenset(row.pk for row, when in moved if not stays_booked(row, *when))
    together = {"without": given_back, "beside": beside(every, after)}
    wishes = [wish_of(row, starts_at=when[0], ends_at=when[1], **together) for row, when in moved]
    kept = [
        (row.blocked_from, row.blocked_until)
        for row in every
        if row.state == State.REQUESTED and row.pk not in after
    ]
    return [
        _planned(row, when, context, kept)
        for (row, when), context in zip(moved, contexts_of(wishes, now=now), strict=True)
    ]


def moves(
    rows: Iterable[SharingRequest], hours: Hours, weekday: int | None
) -> list[tuple[SharingRequest, Times]]:
    """The dates whose times would be others, each with these."""
    after = [(row, times_after(row, hours, weekday)) for row in rows]
    return [(row, when) for row, when in after if when != (row.starts_at, row.ends_at)]


def beside(rows: Iterable[SharingRequest], after: dict[int, Times]) -> tuple[Times, ...]:
    """The dates that will wait for an answer together, ``after`` the change by key; what stays
    booked is known to the rules by itself."""
    return tuple(
        after.get(row.pk, (row.starts_at, row.ends_at))
        for row in rows
        if row.pk in after or row.state == State.REQUESTED
    )


def _planned(row: SharingRequest, when: Times, context, kept: list[Times]) -> PlannedChange:
    """``kept``: what the dates before it take; its own is added."""
    span = context.blocked_from, context.blocked_until
    crowded = not fits_beside(span, kept, units=row.units, of=row.resource.units)
    kept.append(span)
    return PlannedChange(
        request=row,
        times=when,
        findings=findings_for_request(context),
        stays_booked=stays_booked(row, *when),
        crowded=crowded,
    )
