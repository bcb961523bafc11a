"""What an institution borrows of each class of devices, and what of its own is away or broken."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from resources.intervals import Interval
from scheduling.models import SharingRequest
from scheduling.queries.outages import out_of_order
from scheduling.states import State

KIND = "equipment"


@dataclass(frozen=True, kw_only=True)
class Booked:
    """So many units that were, or are to be, on one side of a booking."""

    key: int
    units: int
    time: Interval


def borrowed(institution, since: datetime, until: datetime) -> dict[int, list[Booked]]:
    """Category → what was had of others.  One statement."""
    rows = SharingRequest.objects.borrowed_by(institution).filter(state__in=State.BOOKED)
    return _by(rows, "resource__category", since, until)


def lent(institution, since: datetime, until: datetime) -> dict[int, list[Booked]]:
    """Device → what others are to have of it.  One statement."""
    rows = SharingRequest.objects.owned_by(institution)
    running = rows.filter(state__in=(State.APPROVED, State.UNDERWAY))
    return _by(running, "resource", since, until)


def broken(institution) -> set[int]:
    """Devices that must not be used.  One statement."""
    rows = out_of_order().filter(institution=institution, kind=KIND)
    return set(rows.values_list("pk", flat=True))


def _by(rows, name: str, since: datetime, until: datetime) -> dict[int, list[Booked]]:
    found: dict[int, list[Booked]] = defaultdict(list)
    in_time = rows.filter(kind=KIND, starts_at__lt=until, ends_at__gt=since)
    for of, pk, units, starts_at, ends_at in in_time.values_list(
        name, "pk", "units", "starts_at", "ends_at"
    ):
        found[of].append(Booked(key=pk, units=units, time=(starts_at, ends_at)))
    return found
