"""Loads what the rules need, for one request or for a whole inbox: a constant number of queries."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import DateTimeField

from medshare_portal import crises
from medshare_portal.db.prepared import AnyOf, Bind, Keys, Prepared
from resources.buffers import blocked_period
from resources.enums import OfferStatus
from resources.models import Offer, OfferedInterval, OperatorCompetency, Resource
from scheduling.kinds import kinds
from scheduling.models import SharingRequest
from scheduling.queries.at_risk import units_out
from scheduling.queries.surroundings import (
    FROM,
    UNTIL,
    Offered,
    Surroundings,
    blocks_in,
    bookings_in,
    by_resource,
)
from scheduling.rules.context import AskedBefore, Conflict, RuleContext
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
    asked: object | None = None  # what the kind asks beside; of a stored request its own row
    without: frozenset[int] = frozenset()  # bookings that are given back for it, by key
    beside: tuple[tuple[datetime, datetime], ...] = ()  # dates that are asked for with it
    asked_before: tuple[AskedBefore, ...] = ()  # ``queries.same_wish.with_asked_before``


@dataclass(frozen=True)
class Known:
    """What a page has read already: published offers by resource, what happens around, and the
    crisis that runs."""

    offers: dict[int, Offer]
    around: Surroundings
    crisis: crises.RunningCrisis | None = None


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


def contexts_of(
    wishes: list[Wish], *, now: datetime, known: Known | None = None
) -> list[RuleContext]:
    """Contexts in the order of the wishes.  Six queries for any number, three with ``known``.

    Resources need ``select_related("institution", "site", "category", "equipment")``.
    """
    facts = _Facts(wishes, now, known)
    return [facts.context(wish) for wish in wishes]


OFFERS = Prepared(
    lambda: (
        Offer.objects.everywhere(reason=REASON)
        .published()
        .filter(AnyOf("resource", Keys("resources")))
        .annotate(crisis_token=crises.token_at(Bind("now", DateTimeField())))
    )
)
# Only of offers in force: a revised one leaves the times behind that were offered under it.
OFFERED = Prepared(
    lambda: (
        OfferedInterval.objects.everywhere(reason=REASON)
        .filter(AnyOf("resource", Keys("resources")), offer__status=OfferStatus.PUBLISHED)
        .overlapping(FROM, UNTIL)
        .order_by("starts_at", "pk")
        .values_list(*Offered._fields)
    )
)
COMPETENCIES = Prepared(
    lambda: (
        OperatorCompetency.objects.everywhere(reason=REASON)
        .filter(AnyOf("institution", Keys("borrowers")), holders__gt=0)
        .values_list("institution_id", "competency_id", "valid_until")
    )
)


class _Facts:
    """Rows of all resources and borrowers of one batch."""

    def __init__(self, wishes, now, known):
        self.now = now
        resources = {wish.resource.pk for wish in wishes}
        self.offers = known.offers if known else _offers(resources, now)
        self.crisis = known.crisis if known else _crisis_beside(self.offers)
        self.spans = {id(wish): self._span(wish) for wish in wishes}
        around = known.around if known else self._around(resources)
        self.bookings, self.blocks = around.bookings, around.blocks
        self.offered = around.offered
        self.out = units_out(resources)
        self.competencies = _competencies({wish.borrower.pk for wish in wishes})
        self.own = _own_facts(wishes, now)

    def _span(self, wish) -> tuple[datetime, datetime]:
        return blocked_period(
            offer=self.offers.get(wish.resource.pk),
            mode=wish.mode,
            starts_at=wish.starts_at,
            ends_at=wish.ends_at,
        )

    def _around(self, resources) -> Surroundings:
        """A week before and after all that would be blocked."""
        timed = [span for span in self.spans.values() if span[0] < span[1]]
        first = min((span[0] for span in timed), default=self.now) - WEEK
        last = max((span[1] for span in timed), default=self.now) + WEEK
        offered = OFFERED.rows(resources=resources, starts_at=first, ends_at=last)
        return Surroundings(
            bookings_in(resources, first, last, now=self.now),
            blocks_in(resources, first, last),
            by_resource(Offered, offered),
        )

    def context(self, wish: Wish) -> RuleContext:
        blocked_from, blocked_until = self.spans[id(wish)]
        own = wish.sharing_request.pk if wish.sharing_request else None
        bookings = [
            row
            for row in self.bookings.get(wish.resource.pk, ())
            if row.pk != own and row.pk not in wish.without
        ]
        meeting = [
            row
            for row in bookings
            if row.blocked_from < blocked_until and row.blocked_until > blocked_from
        ]
        blocks = [
            block
            for block in self.blocks.get(wish.resource.pk, ())
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
            offered=tuple(self.offered.get(wish.resource.pk, ())),
            competencies=self.competencies[wish.borrower.pk],
            currently_overdue=self._is_late(wish.resource, own),
            own=self.own.get(id(wish)),
            crisis=self.crisis,
            asked_before=wish.asked_before,
            lent_share=self._lent_share(wish, offer, bookings),
        )

    def _is_late(self, resource, own: int | None) -> bool:
        """Whether somebody else has it past the end: also where that was long before the wish."""
        out = self.out.get(resource.pk, ())
        return any(row.pk != own and row.ends_at < self.now for row in out)

    def _lent_share(self, wish, offer, bookings) -> float | None:
        """Booked share of the offered hours in the seven days from the start, or None."""
        if offer is None or not offer.reserve_percent:
            return None
        first, last = wish.starts_at, wish.starts_at + WEEK
        offered = sum(_shared(row, first, last) for row in self.offered.get(wish.resource.pk, ()))
        booked = sum(_shared(row, first, last) for row in [*bookings, wish])
        return booked / offered if offered else None


def _own_facts(wishes: list[Wish], now: datetime) -> dict[int, object]:
    """What each kind loads for its own rules, by the id of the wish."""
    found: dict[int, object] = {}
    for kind in {wish.resource.kind for wish in wishes}:
        load = kinds[kind].rule_facts
        if load is not None:
            own = [wish for wish in wishes if wish.resource.kind == kind]
            facts = load(own, now)
            found |= {id(wish): each for wish, each in zip(own, facts, strict=True)}
    return found


def _offers(resources, now: datetime) -> dict[int, Offer]:
    rows = OFFERS.instances(resources=resources, now=now)
    return {offer.resource_id: offer for offer in rows}


def _crisis_beside(offers: dict[int, Offer]) -> crises.RunningCrisis | None:
    """What runs now, as any of the offers brought it along; without an offer nothing is relaxed."""
    return crises.of_token(next((offer.crisis_token for offer in offers.values()), None))


def _competencies(borrowers) -> dict[int, dict[int, date]]:
    found: dict[int, dict[int, date]] = defaultdict(dict)
    for institution, competency, valid_until in COMPETENCIES.rows(borrowers=borrowers):
        found[institution][competency] = valid_until
    return found


def _shared(row, first: datetime, last: datetime) -> float:
    """Seconds of a row within [first, last)."""
    return max(0.0, (min(row.ends_at, last) - max(row.starts_at, first)).total_seconds())


def _conflicts(wish: Wish, meeting, blocks):
    for row in meeting:
        yield Conflict(
            starts_at=row.blocked_from,
            ends_at=row.blocked_until,
            in_buffer=not (row.starts_at < wish.ends_at and row.ends_at > wish.starts_at),
            promised=row.state == State.REQUESTED,  # an undecided one is here by a promise only
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
