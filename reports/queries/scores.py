"""Figures of an institution or of the city, made of the numbers of days."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from reports.kpis import (
    Measure,
    Unit,
    amount,
    discipline,
    equity,
    fulfilment,
    idle,
    ratio,
    turnaround,
    uptime,
    utilisation,
)
from reports.queries.figures import Sums

NOTHING = Sums()


def scores(given: Sums, received: Sums, *, currency: str) -> dict[str, Measure]:
    """By the codes of the catalogue.  ``given``: what others had from it; ``received``: what it
    had from others.  Of the city both are the same.  Use, idleness, readiness and late returns are
    of devices alone, whatever the sums have besides."""
    own = given.devices
    down = [uptime.Outage(own.planned_down + own.unplanned_down)]
    return {
        "scheduled": utilisation.scheduled(own.booked, own.offered),
        "net": utilisation.net(own.used, own.offered, own.planned_down, own.unplanned_down),
        "idle_conversion": idle.idle_conversion(own.used, own.offered),
        "idle_rate": ratio(own.idle, own.offered),
        "sharing_rate": idle.sharing_rate(own.used, own.used + own.own_used),
        "availability": uptime.availability(own.offered, down),
        "in_time": turnaround.answered_in_time(
            given.answered_in_time, given.answered, given.too_slow
        ),
        "fulfilment": fulfilment.rate(received.filled, received.ended, received.withdrawn, 0),
        "quantity_fill": fulfilment.quantity_fill(received.packs_accepted, received.packs_asked),
        "no_show": discipline.no_show(received.not_collected, bookings(received)),
        "overdue": discipline.overdue_return(received.devices.returned_late, received.devices.lent),
        "packs_rescued": amount(given.packs_rescued, Unit.COUNT),
        "waste_avoided": amount(given.value_rescued.get(currency, Decimal()), Unit.MONEY),
    }


def bookings(sums: Sums) -> int:
    """Of what ended: whatever had been agreed."""
    return sums.filled + sums.not_collected + sums.cancelled + sums.recalled


def balance(given: Sums, received: Sums) -> Measure:
    """In hours of equipment and people: what has no hours has no common unit."""
    return equity.received_share(given.hours.used, received.hours.used)


def added(parts: Iterable[Sums]) -> Sums:
    """Sums of groups together."""
    total = NOTHING
    for part in parts:
        total = _plus(total, part)
    return total


def less(one: Sums, other: Sums) -> Sums:
    """``other`` is a part of ``one``; of its money nothing is taken away."""
    values = {
        name: getattr(one, name) - getattr(other, name)
        for name in Sums.__dataclass_fields__
        if isinstance(getattr(one, name), int)
    }
    names = type(one.hours).__dataclass_fields__
    hours = {name: getattr(one.hours, name) - getattr(other.hours, name) for name in names}
    return replace(one, hours=type(one.hours)(**hours), **values)


def _plus(one: Sums, other: Sums) -> Sums:
    values = {}
    for name in Sums.__dataclass_fields__:
        a, b = getattr(one, name), getattr(other, name)
        values[name] = _together(a, b)
    return Sums(**values)


def _together(a, b):
    if isinstance(a, Mapping):
        return {key: a.get(key, 0) + b.get(key, 0) for key in {*a, *b}}
    if hasattr(a, "__dataclass_fields__"):
        return type(a)(*[getattr(a, n) + getattr(b, n) for n in a.__dataclass_fields__])
    return a + b
