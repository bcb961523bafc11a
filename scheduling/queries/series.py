"""A series before it is sent – what can be had on each date – and afterwards."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from medshare_portal import policy
from medshare_portal.findings import Findings
from resources.intervals import clip
from scheduling.kinds import kinds
from scheduling.models import Series, SharingRequest, WaitlistEntry
from scheduling.queries.alternatives import FAR_SHIFT, Alternative, Wished, other_units, quarter_up
from scheduling.queries.availability import published_offer, usable_intervals
from scheduling.queries.inbox import related
from scheduling.queries.rule_facts import Wish, contexts_of, wish_of
from scheduling.queries.same_wish import with_asked_before
from scheduling.recurrence import Use
from scheduling.rules import findings_for_request
from scheduling.states import State

OFF = (State.DECLINED, State.WITHDRAWN, State.LAPSED, State.CANCELLED)  # nothing came of them


@dataclass(kw_only=True)
class DateOutcome:
    """One date that is thought of: what the rules say and what there is instead.

    ``ours`` are bookings of the reader's own institution that are in the way; who else is, is not
    said (visibility contract).
    """

    use: Use
    findings: Findings
    taken_codes: frozenset[str] = frozenset()  # of the kind
    before: timedelta = timedelta()  # set-up and the way there
    after: timedelta = timedelta()  # the way back and cleaning
    crowded: bool = (
        False  # beside the earlier dates of this series no unit is left, buffers included
    )
    own_use: bool = False
    ours: list[SharingRequest] = field(default_factory=list)
    ways: list[Alternative] = field(default_factory=list)

    @property
    def times(self) -> tuple[datetime, datetime]:
        return self.use.starts_at, self.use.ends_at

    @property
    def free(self) -> bool:
        return not self.findings.blocks

    @property
    def fits(self) -> bool:
        """Whether it can be had together with the earlier dates."""
        return self.free and not self.crowded

    @property
    def asked_before(self) -> bool:
        """Whether a request of ours for that time waits already: a second one is seldom meant."""
        return self.fits and bool(self.findings.asked_before)

    def blocked(self, times: tuple[datetime, datetime]) -> tuple[datetime, datetime]:
        """What a use at these times takes of the resource, buffers included."""
        return times[0] - self.before, times[1] + self.after

    @property
    def taken(self) -> bool:
        """Whether nothing but somebody's use is in the way: waiting can help."""
        return not self.free and self.taken_codes.issuperset(
            finding.code for finding in self.findings.blocks
        )


def outcomes(
    uses: list[Use], *, wish: Wish, institution, now: datetime, site=None, units: bool = True
) -> list[DateOutcome]:
    """What can be had on each date; with ``units`` also other units for the same time.

    The number of queries grows only with the few blocked dates for which these are searched
    (policy).
    """
    wishes = [wish_at(wish, use.starts_at, use.ends_at) for use in uses]
    contexts = contexts_of(with_asked_before(wishes), now=now)
    found = [
        DateOutcome(
            use=use,
            findings=findings_for_request(context),
            taken_codes=kinds[wish.resource.kind].taken_codes,
            before=context.starts_at - context.blocked_from,
            after=context.blocked_until - context.ends_at,
            own_use=any(conflict.own_use for conflict in context.conflicts),
        )
        for use, context in zip(uses, contexts, strict=True)
    ]
    _mark_crowded(found, wish)
    blocked = [
        (one, context)
        for one, context in zip(found, contexts, strict=True)
        if not one.free and one.use.starts_at > now
    ]
    if blocked:
        _add_ours(blocked, wish, institution)
        _add_shifts([one for one, _context in blocked], wish, now)
    if blocked and units:
        _add_other_units([one for one, _context in blocked], wish, institution, now, site)
    return found


def _mark_crowded(found: list[DateOutcome], wish: Wish) -> None:
    """Dates of one series block nobody while they wait: whoever agreed to the first of two that
    are too close would meet it only at the second."""
    kept: list[tuple[datetime, datetime]] = []
    for one in found:
        if one.free:
            span = one.blocked(one.times)
            one.crowded = not fits_beside(span, kept, units=wish.units, of=wish.resource.units)
            if not one.crowded:
                kept.append(span)


def fits_beside(span, kept, *, units: int, of: int) -> bool:
    """Whether of ``of`` units so many are left for ``span`` when each of ``kept`` takes as many."""
    meeting = [other for other in kept if other[0] < span[1] and other[1] > span[0]]
    points = [span[0], *(other[0] for other in meeting if other[0] > span[0])]
    peak = max(sum(other[0] <= point < other[1] for other in meeting) for point in points)
    return (peak + 1) * units <= of


def wish_at(wish: Wish, starts_at: datetime, ends_at: datetime) -> Wish:
    """The same wish at other times."""
    return replace(wish, starts_at=starts_at, ends_at=ends_at)


def _add_ours(blocked, wish: Wish, institution) -> None:
    """Which of our own bookings are in the way: those we may know by name."""
    first = min(context.blocked_from for _one, context in blocked)
    last = max(context.blocked_until for _one, context in blocked)
    rows = list(
        SharingRequest.objects.borrowed_by(institution)
        .in_the_way()
        .filter(resource=wish.resource)
        .overlapping(first, last)
        .order_by("starts_at", "pk")
    )
    for one, context in blocked:
        one.ours = [
            row
            for row in rows
            if row.blocked_from < context.blocked_until and row.blocked_until > context.blocked_from
        ]


def _add_shifts(blocked: list[DateOutcome], wish: Wish, now: datetime) -> None:
    """The nearest other start of the same unit, all dates in one look."""
    offer = published_offer(wish.resource)
    if offer is None:
        return
    first = min(one.use.starts_at for one in blocked) - FAR_SHIFT
    last = max(one.use.ends_at for one in blocked) + FAR_SHIFT
    free = usable_intervals(
        [wish.resource],
        first,
        last,
        now=now,
        offers={wish.resource.pk: offer},
        units=wish.units,
        mode=wish.mode,
    )[wish.resource.pk]
    free = clip(free, quarter_up(now + timedelta(hours=offer.notice_hours)), last)
    for one in blocked:
        near = clip(free, one.use.starts_at - FAR_SHIFT, one.use.ends_at + FAR_SHIFT)
        wished = Wished(wish.resource, offer, one.use.starts_at, one.use.ends_at)
        one.ways = wished.shifted(near)[:2]


def _add_other_units(blocked: list[DateOutcome], wish: Wish, institution, now, site) -> None:
    for one in blocked[: policy.current().series.searched_dates]:
        one.ways += other_units(
            resource=wish.resource,
            institution=institution,
            starts_at=one.use.starts_at,
            ends_at=one.use.ends_at,
            units=wish.units,
            now=now,
            site=site,
        )[:1]


def dates_of(series: Series) -> list[SharingRequest]:
    """Every date of a series that a scope has found, by start."""
    rows = SharingRequest.objects.of_series(series)
    return list(related(rows).select_related("decided_by").order_by("starts_at", "pk"))


def waiting_dates(series: Series) -> list[WaitlistEntry]:
    """For its borrower: dates for which it stands in the line, or is offered a place."""
    rows = WaitlistEntry.objects.owned_by(series.borrower).open().filter(series=series)
    return list(rows.order_by("starts_at", "pk"))


def number_of_dates(series: Series) -> int:
    """How many stand: asked for, booked, or used."""
    return SharingRequest.objects.of_series(series).exclude(state__in=OFF).count()


def holders_of(dates: Iterable[SharingRequest], institution) -> dict[int, list[SharingRequest]]:
    """For the owner: whose bookings are in the way of undecided dates, by key."""
    waiting = [row for row in dates if row.state == State.REQUESTED]
    if not waiting:
        return {}
    rows = list(
        SharingRequest.objects.owned_by(institution)
        .holding_capacity()
        .filter(resource__in={row.resource_id for row in waiting})
        .overlapping(
            min(row.blocked_from for row in waiting), max(row.blocked_until for row in waiting)
        )
        .select_related("borrower")
        .order_by("starts_at", "pk")
    )
    return {
        row.pk: [
            other
            for other in rows
            if other.resource_id == row.resource_id
            and other.blocked_from < row.blocked_until
            and other.blocked_until > row.blocked_from
        ]
        for row in waiting
    }


def findings_of(dates: Iterable[SharingRequest], *, now: datetime) -> dict[int, Findings]:
    """What the rules say of the undecided ones, by key; a constant number of queries."""
    waiting = [row for row in dates if row.state == State.REQUESTED]
    contexts = contexts_of([wish_of(row) for row in waiting], now=now) if waiting else []
    return {
        row.pk: findings_for_request(context)
        for row, context in zip(waiting, contexts, strict=True)
    }
