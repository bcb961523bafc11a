"""What one institution wants now, as a need: posted, or behind a request that it made."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from resources.intervals import Interval
from resources.models import Resource
from resources.search import search
from scheduling.models import Need, Proposal, SharingRequest
from scheduling.queries.home_zone import main_site
from scheduling.queries.need_matching import booked_for, requests_from
from scheduling.queries.rounds.declined import COUNT_FOR
from scheduling.round_states import ProposalState
from scheduling.states import State

REASON = "proposals for a need of the reader; keys only"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """``need`` may be one that nobody posted (key 0).  ``missing``: how much of it nobody serves;
    ``meant``: condition on Resource beside its category or words; ``item``: the medicine that is
    meant, where it is known; ``without``: resources that said no or were asked already."""

    need: Need
    missing: int
    meant: Q = field(default_factory=Q)
    item: str = ""
    without: frozenset[int] = frozenset()

    def named(self, rows):
        """Of resources of the kind those that the category or the words mean."""
        rows = rows.filter(self.meant, kind=self.need.kind)
        if self.item:
            return rows.filter(medicine_lot__item_key=self.item)
        if self.need.category_id:
            return rows.filter(category__path__startswith=self.need.category.path)
        return search(rows, self.need.what)


def of_need(need: Need, *, now: datetime) -> Wanted:
    """A posted need, for the institution that posted it.  Seven queries."""
    proposed = Proposal.objects.everywhere(reason=REASON).filter(need=need)
    waiting = sum(proposed.standing().values_list("quantity", flat=True))
    declined = Q(state=ProposalState.DECLINED, answered_at__gte=now - COUNT_FOR)
    no = proposed.filter(declined | Q(state=ProposalState.STRUCK))
    missing = max(0, need.quantity - int(booked_for(need)) - waiting)
    asked = requests_from(need).exclude(state__in=[State.HELD, *State.ENDED])
    without = {*no.values_list("resource", flat=True), *asked.values_list("resource", flat=True)}
    return Wanted(need=need, missing=missing, without=frozenset(without))


def of_wish(
    institution, category, *, taken: Resource | None, now: datetime, item: str = "", **columns
) -> Wanted:
    """A wish that nobody has sent yet, as a need that nobody posted; ``taken``: the resource that
    cannot serve it; ``columns``: of the need."""
    need = Need(
        pk=0,
        institution=institution,
        kind=category.kind,
        category=category,
        what=category.name,
        created_at=now,
        **columns,
    )
    without = frozenset({taken.pk} if taken else ())
    return Wanted(need=need, missing=need.quantity, item=item, without=without)


def of_request(
    sharing_request: SharingRequest, time: Interval | None, *, now: datetime, **changes
) -> Wanted:
    """What a request asks for in a ``time`` (None: what claims a quantity), once more of others;
    ``changes``: columns of the need, and of ``Wanted`` ``meant`` and ``item``."""
    about = {name: changes.pop(name) for name in ("meant", "item") if name in changes}
    first, last = time or (None, None)
    amount = sharing_request.quantity if time is None else sharing_request.units
    need = Need(
        pk=0,
        institution=sharing_request.borrower,
        kind=sharing_request.kind,
        category=sharing_request.resource.category,
        what=sharing_request.resource.name,
        starts_at=first,
        ends_at=last,
        quantity=int(amount),
        site=sharing_request.delivery_site or main_site(sharing_request.borrower),
        priority=sharing_request.priority,
        note=sharing_request.purpose,
        created_at=now,
        **changes,
    )
    asked = _asked_already(sharing_request, time, now)
    return Wanted(need=need, missing=need.quantity, without=asked, **about)


def _asked_already(sharing_request: SharingRequest, time: Interval | None, now) -> frozenset[int]:
    """Its own resource, and those of the sort that the borrower has asked for that time: open or
    refused."""
    rows = SharingRequest.objects.borrowed_by(sharing_request.borrower).filter(
        kind=sharing_request.kind,
        resource__category=sharing_request.resource.category_id,
        state__in=[*State.PENDING, State.DECLINED],
    )
    if time is None:
        rows = rows.filter(created_at__gte=now - COUNT_FOR)
    else:
        rows = rows.filter(starts_at__lt=time[1], ends_at__gt=time[0])
    return frozenset({sharing_request.resource_id, *rows.values_list("resource", flat=True)})
