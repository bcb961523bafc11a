"""What comes after a booking on its resource: how long it could last, and whom that would cross."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from resources.buffers import before_and_after
from resources.intervals import Interval
from resources.models import BusyBlock
from scheduling.models import SharingRequest, TimeChange
from scheduling.states import ChangeKind, ChangeStatus, State

LOOK_AHEAD = timedelta(days=14)
RELATED = ("borrower", "owner", "resource__site", "created_by")


@dataclass(frozen=True, kw_only=True)
class Following:
    """``booked``: the next booking; ``kept``: when the owner next keeps it for itself; ``latest``:
    the last end that meets neither; ``wished``: undecided requests that a longer use would cross.
    Of a set of units there is no ``latest``: who takes which is not fixed."""

    booked: SharingRequest | None
    kept: datetime | None
    latest: datetime | None
    wished: list[SharingRequest]


def following(sharing_request: SharingRequest, *, until: datetime | None = None) -> Following:
    """Three queries.  ``until``: the longer end; without one whoever comes within two weeks."""
    _before, after = before_and_after(offer=sharing_request.offer, mode=sharing_request.mode)
    blocked = (until or sharing_request.ends_at + LOOK_AHEAD) + after
    booked = _next(sharing_request)
    kept = _kept(sharing_request)
    begins = [row for row in (booked.blocked_from if booked else None, kept) if row]
    single = sharing_request.resource.units == 1
    return Following(
        booked=booked,
        kept=kept,
        latest=min(begins) - after if begins and single else None,
        wished=crossed(sharing_request, sharing_request.blocked_until, blocked),
    )


def crossed(
    sharing_request: SharingRequest, first: datetime, last: datetime
) -> list[SharingRequest]:
    """Undecided requests of others that this use would leave no room, did it last from ``first`` to
    ``last`` as well; the earliest first.  Of a set of units only those that would fit without it.
    """
    if first >= last:
        return []
    rows = SharingRequest.objects.of_seen(sharing_request.resource)
    rows = rows.filter(state=State.REQUESTED).overlapping(first, last)
    rows = rows.exclude(pk=sharing_request.pk).exclude(borrower=sharing_request.borrower_id)
    wishes = list(rows.select_related(*RELATED).order_by("starts_at", "pk"))
    if sharing_request.resource.units == 1 or not wishes:
        return wishes
    held = _held(sharing_request.resource, first, last, but=sharing_request)
    return [
        wish
        for wish in wishes
        if 0
        <= _free(held, sharing_request.resource, _shared(wish, first, last)) - wish.units
        < sharing_request.units
    ]


def _held(resource, first: datetime, last: datetime, *, but: SharingRequest) -> list[tuple]:
    """(blocked from, until, units) of what is promised of a resource in a time."""
    rows = SharingRequest.objects.of_seen(resource).holding_capacity().overlapping(first, last)
    rows = rows.exclude(pk=but.pk).exclude(state=State.HELD).order_by("pk")
    return list(rows.values_list("blocked_from", "blocked_until", "units"))


def _shared(wish: SharingRequest, first: datetime, last: datetime) -> Interval:
    return max(first, wish.blocked_from), min(last, wish.blocked_until)


def _free(held: list[tuple], resource, span: Interval) -> int:
    """The lowest number of free units in a span: load peaks at its start or where a row begins."""
    begins = [span[0], *(row[0] for row in held if span[0] < row[0] < span[1])]
    loads = (sum(units for first, last, units in held if first <= at < last) for at in begins)
    return resource.units - max(loads)


def _next(sharing_request: SharingRequest) -> SharingRequest | None:
    rows = SharingRequest.objects.of_seen(sharing_request.resource).holding_capacity()
    later = rows.filter(starts_at__gte=sharing_request.ends_at).exclude(state=State.HELD)
    later = later.exclude(pk=sharing_request.pk).select_related(*RELATED)
    return later.order_by("blocked_from", "pk").first()


def _kept(sharing_request: SharingRequest) -> datetime | None:
    blocks = BusyBlock.objects.of_seen(sharing_request.resource)
    later = blocks.filter(starts_at__gte=sharing_request.ends_at).order_by("starts_at", "pk")
    return later.values_list("starts_at", flat=True).first()


def longer_use(sharing_request: SharingRequest) -> TimeChange | None:
    """An extension of somebody else's use that would take the time of this undecided request."""
    if sharing_request.state != State.REQUESTED:
        return None
    resource = sharing_request.resource
    others = SharingRequest.objects.of_seen(resource).holding_capacity()
    others = others.filter(starts_at__lt=sharing_request.ends_at)
    if resource.units == 1:
        others = others.filter(ends_at__lte=sharing_request.blocked_from)
    asked = TimeChange.objects.of_seen(resource).filter(
        kind=ChangeKind.EXTENSION,
        status=ChangeStatus.PENDING,
        sharing_request__in=others,
        new_ends_at__gt=sharing_request.blocked_from,
    )
    asked = asked.order_by("new_ends_at", "pk")
    if resource.units == 1:
        return asked.first()
    asked = asked.select_related("sharing_request__resource")
    return next((change for change in asked if _would_cross(change, sharing_request)), None)


def _would_cross(change: TimeChange, wish: SharingRequest) -> bool:
    use = change.sharing_request
    last = change.new_ends_at + (use.blocked_until - use.ends_at)
    return wish in crossed(use, use.blocked_until, last)


def is_taken(sharing_request: SharingRequest) -> bool:
    """Others have its time by now: an undecided request that can no longer be approved."""
    if sharing_request.state != State.REQUESTED:
        return False
    span = (sharing_request.blocked_from, sharing_request.blocked_until)
    held = _held(sharing_request.resource, *span, but=sharing_request)
    return _free(held, sharing_request.resource, span) < sharing_request.units
