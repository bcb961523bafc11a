"""What a late return puts at risk: bookings whose device somebody else still has (EQ-11)."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from medshare_portal import policy
from medshare_portal.db.prepared import AnyOf, Keys, Prepared
from scheduling.models import Handover, SharingRequest, TransitionLog
from scheduling.states import State

REASON = "who has a device now decides over the next booking, whoever reads it"
SOON = timedelta(days=1)


class Out(NamedTuple):
    """Units of a resource that somebody has."""

    resource_id: int
    pk: int
    units: int
    ends_at: datetime


OUT = Prepared(
    lambda: (
        SharingRequest.objects.everywhere(reason=REASON)
        .holding_capacity()
        .filter(AnyOf("resource", Keys("resources")), state=State.UNDERWAY, ends_at__isnull=False)
        .order_by("ends_at", "pk")
        .values_list(*Out._fields)
    )
)


def units_out(resources: Collection[int]) -> dict[int, list[Out]]:
    """Resource id → what somebody has of it, however late.  One query."""
    out = defaultdict(list)
    for row in OUT.rows(resources=resources):
        out[row[0]].append(Out(*row))
    return out


@dataclass(frozen=True)
class Whereabouts:
    """What is out of the resources of some bookings; their ``resource`` was read with them."""

    out: dict[int, list[Out]]
    now: datetime

    def not_back(self, booking: SharingRequest) -> bool:
        """Fewer units are in than the booking is for: it cannot be handed over."""
        return self._too_few(booking, self.out.get(booking.resource_id, ()))

    def at_risk(self, booking: SharingRequest) -> bool:
        """It begins within a day and what is overdue would be missing then."""
        out = self.out.get(booking.resource_id, ())
        begun = booking.starts_at
        missing = [row for row in out if row.ends_at < self.now or row.ends_at > begun]
        late = any(row.ends_at < self.now for row in missing)
        return _soon(booking, self.now) and late and self._too_few(booking, missing)

    def _too_few(self, booking, missing) -> bool:
        if booking.state != State.APPROVED:
            return False
        return booking.units > booking.resource.units - sum(row.units for row in missing)


def whereabouts(bookings: Iterable[SharingRequest], *, now: datetime) -> Whereabouts:
    """One query for any number of bookings; none where none of them can be handed over soon."""
    opens = timedelta(hours=policy.current().request.handover_opens_hours)
    resources = {row.resource_id for row in bookings if _soon(row, now, max(SOON, opens))}
    return Whereabouts(units_out(resources) if resources else {}, now)


def _soon(row: SharingRequest, now: datetime, span: timedelta = SOON) -> bool:
    begins = row.blocked_from
    return row.state == State.APPROVED and begins is not None and begins <= now + span


def at_risk(bookings: Collection[SharingRequest], *, now: datetime) -> set[int]:
    """The keys of those bookings that something overdue puts at risk."""
    places = whereabouts(bookings, now=now)
    return {row.pk for row in bookings if places.at_risk(row)}


def at_risk_by(late: Iterable[SharingRequest], *, now: datetime) -> list[SharingRequest]:
    """Bookings at risk by these overdue requests, the first to begin first.  Two queries."""
    resources = {row.resource_id for row in late if row.ends_at is not None and row.ends_at < now}
    if not resources:
        return []
    bookings = (
        SharingRequest.objects.everywhere(reason=REASON)
        .filter(resource__in=resources, state=State.APPROVED, blocked_from__lte=now + SOON)
        .select_related("resource__site", "owner", "borrower", "created_by")
        .order_by("starts_at", "pk")
    )
    found = list(bookings)
    places = whereabouts(found, now=now)
    return [row for row in found if places.at_risk(row)]


def all_at_risk(owner, *, now: datetime) -> list[SharingRequest]:
    """The owner's bookings that its overdue devices put at risk."""
    late = SharingRequest.objects.owned_by(owner).overdue(now)
    return at_risk_by(late.only("resource_id", "ends_at"), now=now)


def has_fault_elsewhere(sharing_request: SharingRequest) -> bool:
    """Whether another use of the same resource, not yet checked, reported a fault or a problem."""
    others = (
        SharingRequest.objects.everywhere(reason=REASON)
        .filter(resource=sharing_request.resource_id, state__in=(State.UNDERWAY, State.FINISHED))
        .exclude(pk=sharing_request.pk)
        .values("pk")
    )
    faults = TransitionLog.objects.everywhere(reason=REASON).faults()
    problems = Handover.objects.everywhere(reason=REASON).filter(problem=True)
    return any(rows.filter(sharing_request__in=others).exists() for rows in (faults, problems))
