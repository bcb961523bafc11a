"""Shifts that a person works outside the portal: entered one by one, imported, taken away."""

from collections.abc import Collection, Iterable
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from medshare_portal import audit
from medshare_portal.db.errors import violates
from medshare_portal.local_times import describe_period
from medshare_portal.refusals import Refusal
from resources import counted_times
from resources.kinds.staff.shift_lines import Line
from resources.models import CommittedShift, Resource
from resources.occupancy import booking_in_the_way

# What a shift that begins at the moment of an imported line takes from that line.
TAKEN = ("ends_at", "break_minutes", "employer", "source_uid", "source_starts_at")


class ShiftOverBooking(Refusal):
    """The database's truth ``shift_not_over_booking``, with the booking's name and time."""

    message = _("A shift is booked at another institution then. Cancel that booking first.")


class ShiftThere(Refusal):
    message = _("A shift of this person begins then already.")
    field = "starts_at"


class ShiftGone(Refusal):
    message = _("This shift was already removed.")


class ImportOutOfDate(Refusal):
    message = _("The shifts have changed since the list was shown. Choose the file again.")


class Imported(NamedTuple):
    """How many shifts of each sort."""

    new: int
    updated: int
    removed: int


def add(*, resource: Resource, line: Line, by, now: datetime) -> CommittedShift:
    """Enter a shift.  Raises ShiftOverBooking, ShiftThere."""
    [person] = _locked(resource.institution, [resource.pk])
    shift = _shift(person, line, by, now)
    _tell_of(person, [shift], now)
    with _refusing([shift], now):
        shift.save(force_insert=True)
    _record(person, "shift.added", by, now, {"starts_at": line.starts_at.isoformat()})
    return shift


def remove(*, shift: CommittedShift, by, now: datetime) -> None:
    """Take a shift away.  Raises ShiftGone."""
    [person] = _locked(shift.institution, [shift.resource_id])
    rows = CommittedShift.objects.owned_by(shift.institution)
    fresh = rows.filter(pk=shift.pk).first()
    if fresh is None:
        raise ShiftGone
    _record(person, "shift.removed", by, now, {"starts_at": fresh.starts_at.isoformat()})
    _tell_of(person, [fresh], now)
    fresh.delete()


def bring_in(
    *, institution, lines: Iterable[Line], going: Collection[int], by, now: datetime
) -> Imported:
    """Write a roster or a calendar, all or none: a shift that begins at the same moment is
    brought up to date.

    ``going`` are the ids of shifts that the calendar no longer holds, as they were shown.
    Raises ImportOutOfDate, ShiftOverBooking.
    """
    lines = list(lines)
    own = CommittedShift.objects.owned_by(institution)
    leaving = list(own.filter(pk__in=going))
    keys = {line.resource for line in lines} | {shift.resource_id for shift in leaving}
    people = {person.pk: person for person in _locked(institution, keys)}
    if len(leaving) != len(set(going)) or keys - set(people):
        raise ImportOutOfDate
    for shift in leaving:
        _tell_of(people[shift.resource_id], [shift], now)
    own.filter(pk__in=going).delete()
    starts = [line.starts_at for line in lines]
    known = {
        (shift.resource_id, shift.starts_at): shift
        for shift in own.filter(resource__in=people, starts_at__in=starts)
    }
    fresh, updated = _sorted_out(lines, known, people, by, now)
    done = Imported(len(fresh), _write(fresh, updated, now), len(leaving))
    audit.record(
        chains=[institution.slug],
        by=by,
        action="shift.imported",
        obj=institution,
        now=now,
        data=done._asdict(),
    )
    return done


def _sorted_out(lines, known: dict, people: dict, by, now) -> tuple[list, list]:
    """Shifts to insert, and known ones that change."""
    fresh, updated = [], []
    for line in lines:
        shift = known.get((line.resource, line.starts_at))
        if shift is None:
            fresh.append(_shift(people[line.resource], line, by, now))
            _tell_of(people[line.resource], fresh[-1:], now)
        elif _brought_up_to_date(shift, line, people[line.resource], now):
            updated.append(shift)
    return fresh, updated


def _write(fresh: list, updated: list, now: datetime) -> int:
    with _refusing([*fresh, *updated], now):
        CommittedShift.objects.bulk_create(fresh, batch_size=500)
        for shift in updated:
            shift.save(update_fields=TAKEN)
    return len(updated)


def _brought_up_to_date(shift: CommittedShift, line: Line, person: Resource, now) -> bool:
    """Whether anything changed."""
    values = _taken(line)
    if all(getattr(shift, name) == value for name, value in values.items()):
        return False
    _tell_of(person, [shift], now)
    for name, value in values.items():
        setattr(shift, name, value)
    _tell_of(person, [shift], now)
    return True


def _tell_of(person: Resource, shifts: Iterable[CommittedShift], now: datetime) -> None:
    """Past shifts that are entered or taken away count otherwise than before."""
    for shift in shifts:
        counted_times.changed(person, shift.starts_at, shift.ends_at, cause="shift", now=now)


def _taken(line: Line) -> dict:
    values = (line.ends_at, line.break_minutes, line.employer, line.uid, line.occurrence)
    return dict(zip(TAKEN, values, strict=True))


def _shift(person: Resource, line: Line, by, now: datetime) -> CommittedShift:
    return CommittedShift(
        institution=person.institution,
        resource=person,
        starts_at=line.starts_at,
        note=line.note,
        created_by=by,
        created_at=now,
        **_taken(line),
    )


@contextmanager
def _refusing(shifts: list[CommittedShift], now: datetime):
    """A savepoint in which the database's refusal becomes ours, with the booking's name."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if violates(error, "shift_not_over_booking"):
            raise ShiftOverBooking(_booking_words(shifts, now)) from error
        if violates(error, "shift_once_per_start") or violates(
            error, "resources_committedshift.starts_at"
        ):
            raise ShiftThere from error
        raise


def _booking_words(shifts: list[CommittedShift], now: datetime):
    """Which booking stands in the way of which of the shifts."""
    for shift in shifts:
        booking = booking_in_the_way(shift.resource, shift.starts_at, shift.ends_at, now=now)
        if booking is not None:
            zone = ZoneInfo(shift.resource.site.time_zone)
            return _("%(badge)s is booked %(booked)s (%(booking)s). Cancel that first.") % {
                "badge": shift.resource.code,
                "booked": describe_period(booking.starts_at, booking.ends_at, tz=zone),
                "booking": booking.label,
            }
    return None


def _locked(institution, keys: Iterable[int]) -> list[Resource]:
    """Our own people of these keys, locked in the order of their keys."""
    rows = Resource.objects.owned_by(institution).filter(pk__in=list(keys)).order_by("pk")
    list(rows.select_for_update(of=("self",)))
    return list(rows.select_related("institution", "site"))


def _record(person: Resource, action: str, by, now: datetime, data: dict) -> None:
    audit.record(
        chains=[person.institution.slug],
        by=by,
        action=action,
        obj=person,
        now=now,
        data=data,
        label=person.code,
    )
