"""What comes after a booking on its resource: how long it could last, and whom that would cross."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from resources.buffers import before_and_after
from resources.models import BusyBlock
from scheduling.models import SharingRequest, TimeChange
from scheduling.states import ChangeKind, ChangeStatus, State

LOOK_AHEAD = timedelta(days=14)
RELATED = ("borrower", "owner", "resource__site", "created_by")


@dataclass(frozen=True, kw_only=True)
class Following:
    """``booked``: the next booking; ``kept``: when the owner next keeps it for itself; ``latest``:
    the last end that meets neither; ``wished``: undecided requests that a longer use would cross.
    Of a set of units only ``booked`` and ``wished`` are known: who takes which is not fixed."""

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
        wished=list(crossed(sharing_request, sharing_request.blocked_until, blocked)),
    )


def crossed(sharing_request: SharingRequest, first: datetime, last: datetime):
    """Undecided requests of others whose time meets ``first`` to ``last``, the earliest first.

    Of a set of units nobody can say whose wish is crossed, so none is.
    """
    rows = SharingRequest.objects.of_seen(sharing_request.resource)
    if sharing_request.resource.units > 1 or first >= last:
        return rows.none()
    rows = rows.filter(state=State.REQUESTED).overlapping(first, last)
    rows = rows.exclude(pk=sharing_request.pk).exclude(borrower=sharing_request.borrower_id)
    return rows.select_related(*RELATED).order_by("starts_at", "pk")


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
    if sharing_request.state != State.REQUESTED or sharing_request.resource.units > 1:
        return None
    others = SharingRequest.objects.of_seen(sharing_request.resource).holding_capacity()
    before = others.filter(
        starts_at__lt=sharing_request.ends_at, ends_at__lte=sharing_request.blocked_from
    )
    asked = TimeChange.objects.of_seen(sharing_request.resource).filter(
        kind=ChangeKind.EXTENSION,
        status=ChangeStatus.PENDING,
        sharing_request__in=before,
        new_ends_at__gt=sharing_request.blocked_from,
    )
    return asked.order_by("new_ends_at", "pk").first()


def is_taken(sharing_request: SharingRequest) -> bool:
    """Somebody has its time by now: an undecided request that can no longer be approved."""
    if sharing_request.state != State.REQUESTED or sharing_request.resource.units > 1:
        return False
    others = SharingRequest.objects.of_seen(sharing_request.resource).holding_capacity()
    meeting = others.overlapping(sharing_request.blocked_from, sharing_request.blocked_until)
    return meeting.exclude(pk=sharing_request.pk).exclude(state=State.HELD).exists()
