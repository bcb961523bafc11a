"""Loads what the rules need, for one request or for a whole inbox: a constant number of queries."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from resources.buffers import blocked_period
from resources.enums import OfferStatus
from resources.limits import longest_blocked
from resources.models import BusyBlock, Offer, OfferedInterval, OperatorCompetency, Resource
from scheduling.models import SharingRequest
from scheduling.rules.context import Conflict, RuleContext
from scheduling.states import State

REASON = "rules look at every booking of the resource; only times come out"
WEEK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody asks or thinks of asking.  ``sharing_request`` is left out of conflicts."""

    resource: Resource
    borrower: object
    starts_at: datetime
    ends_at: datetime
    units: int = 1
    mode: str = ""
    priority: str = "routine"
    agreement_accepted: bool = True
    sharing_request: SharingRequest | None = None


def wish_of(sharing_request: SharingRequest, **changes) -> Wish:
    """The wish that a stored request stands for; ``changes`` try other times or units."""
    wish = Wish(
        resource=sharing_request.resource,
        borrower=sharing_request.borrower,
        starts_at=sharing_request.starts_at,
        ends_at=sharing_request.ends_at,
        units=sharing_request.units,
        mode=sharing_request.mode,
        priority=sharing_request.priority,
        agreement_accepted=sharing_request.agreement_accepted_at is not None,
        sharing_request=sharing_request,
    )
    return replace(wish, **changes)


def context_of(wish: Wish, *, now: datetime) -> RuleContext:
    """The context of one wish."""
    return contexts_of([wish], now=now)[0]


def contexts_of(wishes: list[Wish], *, now: datetime) -> list[RuleContext]:
    """Contexts in the order of the wishes.

    Resources need ``select_related("institution", "site", "category", "equipment")``.
    """
    facts = _Facts(wishes, now)
    return [facts.context(wish) for wish in wishes]


class _Facts:
    """Rows of all resources and borrowers of one batch."""

    def __init__(self, wishes, now):
        self.now = now
        self.resources = {wish.resource.pk for wish in wishes}
        self.offers = self._offers()
        self.spans = {id(wish): self._span(wish) for wish in wishes}
        timed = [span for span in self.spans.values() if span[0] < span[1]]
        self.first = min((span[0] for span in timed), default=now) - WEEK
        self.last = max((span[1] for span in timed), default=now) + WEEK
        self.bookings = self._by_resource(self._bookings())
        self.blocks = self._by_resource(self._blocks())
        self.offered = self._by_resource(self._offered())
        self.competencies = self._competencies({wish.borrower.pk for wish in wishes})

    def _offers(self) -> dict[int, Offer]:
        rows = Offer.objects.everywhere(reason=REASON).filter(
            resource__in=self.resources, status=OfferStatus.PUBLISHED
        )
        return {offer.resource_id: offer for offer in rows}

    def _span(self, wish) -> tuple[datetime, datetime]:
        return blocked_period(
            offer=self.offers.get(wish.resource.pk),
            mode=wish.mode,
            starts_at=wish.starts_at,
            ends_at=wish.ends_at,
        )

    @staticmethod
    def _by_resource(rows) -> dict[int, list]:
        found = defaultdict(list)
        for row in rows:
            found[row.resource_id].append(row)
        return found

    def _bookings(self):
        return (
            SharingRequest.objects.everywhere(reason=REASON)
            .holding_capacity()
            .filter(
                resource__in=self.resources,
                blocked_from__lt=self.last,
                blocked_from__gt=self.first - longest_blocked(),
                blocked_until__gt=self.first,
            )
            .only(
                "resource_id",
                "state",
                "units",
                "starts_at",
                "ends_at",
                "blocked_from",
                "blocked_until",
                "hold_expires_at",
                "borrower_id",
            )
            .order_by("blocked_from", "pk")
        )

    def _blocks(self):
        rows = BusyBlock.objects.everywhere(reason=REASON).filter(resource__in=self.resources)
        return rows.overlapping(self.first, self.last).order_by("starts_at", "pk")

    def _offered(self):
        rows = OfferedInterval.objects.everywhere(reason=REASON).filter(
            resource__in=self.resources, offer__status=OfferStatus.PUBLISHED
        )
        return rows.overlapping(self.first, self.last).order_by("starts_at", "pk")

    @staticmethod
    def _competencies(borrowers) -> dict[int, dict[int, date]]:
        found: dict[int, dict[int, date]] = defaultdict(dict)
        rows = OperatorCompetency.objects.everywhere(reason=REASON).filter(
            institution__in=borrowers, holders__gt=0
        )
        for row in rows:
            found[row.institution_id][row.competency_id] = row.valid_until
        return found

    def context(self, wish: Wish) -> RuleContext:
        blocked_from, blocked_until = self.spans[id(wish)]
        own = wish.sharing_request.pk if wish.sharing_request else None
        bookings = [
            row
            for row in self.bookings[wish.resource.pk]
            if row.pk != own and not _expired_hold(row, self.now)
        ]
        meeting = [
            row
            for row in bookings
            if row.blocked_from < blocked_until and row.blocked_until > blocked_from
        ]
        blocks = [
            block
            for block in self.blocks[wish.resource.pk]
            if block.starts_at < blocked_until and block.ends_at > blocked_from
        ]
        offer = self.offers.get(wish.resource.pk)
        return RuleContext(
            resource=wish.resource,
            offer=offer,
            borrower=wish.borrower,
            starts_at=wish.starts_at,
            ends_at=wish.ends_at,
            blocked_from=blocked_from,
            blocked_until=blocked_until,
            units=wish.units,
            mode=wish.mode,
            priority=wish.priority,
            agreement_accepted=wish.agreement_accepted,
            now=self.now,
            sharing_request=wish.sharing_request,
            conflicts=tuple(_conflicts(wish, meeting, blocks)),
            units_free=_units_free(wish, meeting, blocks, blocked_from),
            offered=tuple(self.offered[wish.resource.pk]),
            competencies=self.competencies[wish.borrower.pk],
            currently_overdue=any(
                row.state == State.UNDERWAY and row.ends_at < self.now for row in bookings
            ),
            lent_share=self._lent_share(wish, offer, bookings),
        )

    def _lent_share(self, wish, offer, bookings) -> float | None:
        """Booked share of the offered hours in the seven days from the start, or None."""
        if offer is None or not offer.reserve_percent:
            return None
        first, last = wish.starts_at, wish.starts_at + WEEK
        offered = sum(_shared(row, first, last) for row in self.offered[wish.resource.pk])
        booked = sum(_shared(row, first, last) for row in [*bookings, wish])
        return booked / offered if offered else None


def _shared(row, first: datetime, last: datetime) -> float:
    """Seconds of a row within [first, last)."""
    return max(0.0, (min(row.ends_at, last) - max(row.starts_at, first)).total_seconds())


def _expired_hold(row, now: datetime) -> bool:
    """A hold past its time is in nobody's way; the action releases it before it books."""
    return row.state == State.HELD and row.hold_expires_at <= now


def _conflicts(wish: Wish, meeting, blocks):
    for row in meeting:
        yield Conflict(
            starts_at=row.blocked_from,
            ends_at=row.blocked_until,
            in_buffer=not (row.starts_at < wish.ends_at and row.ends_at > wish.starts_at),
        )
    for block in blocks:
        yield Conflict(starts_at=block.starts_at, ends_at=block.ends_at, own_use=True)


def _units_free(wish: Wish, meeting, blocks, blocked_from) -> int:
    """Lowest number of free units in the blocked time: load peaks at the start of some row."""
    if blocks:
        return 0
    points = [
        blocked_from,
        *(row.blocked_from for row in meeting if row.blocked_from > blocked_from),
    ]
    peak = max(
        sum(row.units for row in meeting if row.blocked_from <= point < row.blocked_until)
        for point in points
    )
    return max(0, wish.resource.units - peak)
