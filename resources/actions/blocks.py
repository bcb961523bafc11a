"""The owner's own use and maintenance: entered one by one, taken away again."""

from collections.abc import Iterable
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from medshare_portal import audit
from medshare_portal.db.errors import violates
from medshare_portal.local_times import describe_moment, describe_period
from medshare_portal.refusals import Refusal
from resources import counted_times
from resources.calendar_changes import Kept
from resources.models import BusyBlock, Resource
from resources.occupancy import booking_in_the_way, end_what_is_over

_BOOKED = _(
    "%(booking)s is booked %(booked)s, set-up and cleaning included. "
    "Recall or cancel it first. (Asked: %(asked)s)"
)
_HELD = _(
    "Somebody is just asking for %(booked)s, set-up and cleaning included. If nothing is sent, "
    "the time is free again from %(until)s. (Asked: %(asked)s)"
)


class BlockOverBooking(Refusal):
    """The database's truth ``block_not_over_booking``, said with the booking's name and time.

    Of a hold only the time is said: who holds it has not asked anything yet.
    """

    message = _("This time is booked. Recall or cancel the booking first.")


class BlockGone(Refusal):
    message = _("This block was already removed.")


def add(
    *,
    resource,
    reason: str,
    starts_at: datetime,
    ends_at: datetime,
    by,
    now: datetime,
    note: str = "",
) -> BusyBlock:
    """Keep a time.  Raises BlockOverBooking."""
    resource = locked(resource, now)
    [block] = write(resource, [Kept(starts_at, ends_at, note)], reason, by, now)
    _record(block, "block.added", by, now)
    return block


def remove(*, block, by, now: datetime) -> None:
    """Give a kept time back."""
    resource = locked(block.resource, now)
    fresh = BusyBlock.objects.owned_by(resource.institution).filter(pk=block.pk).first()
    if fresh is None:
        raise BlockGone
    _record(fresh, "block.removed", by, now)
    tell_of(resource, [fresh], now)
    fresh.delete()


def write(resource, entries: list[Kept], reason: str, by, now: datetime) -> list[BusyBlock]:
    blocks = [
        BusyBlock(
            institution=resource.institution,
            resource=resource,
            reason=reason,
            starts_at=entry.starts_at,
            ends_at=entry.ends_at,
            note=entry.note,
            source_uid=entry.uid,
            source_starts_at=entry.occurrence,
            created_by=by,
            created_at=now,
        )
        for entry in entries
    ]
    tell_of(resource, blocks, now)
    with refusing(resource, blocks, now):
        return BusyBlock.objects.bulk_create(blocks)


def tell_of(resource, blocks: Iterable[BusyBlock], now: datetime) -> None:
    """Past times that are kept, or no longer, count otherwise than before."""
    for block in blocks:
        counted_times.changed(resource, block.starts_at, block.ends_at, cause="block", now=now)


@contextmanager
def refusing(resource, blocks: list[BusyBlock], now: datetime):
    """A savepoint in which the database's refusal becomes ours, with the booking's name."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if violates(error, "block_not_over_booking"):
            raise BlockOverBooking(_words(resource, blocks, now)) from error
        raise


def _words(resource, blocks: list[BusyBlock], now: datetime):
    """Which booking stands in the way of which of the times."""
    zone = ZoneInfo(resource.site.time_zone)
    for block in blocks:
        booking = booking_in_the_way(resource, block.starts_at, block.ends_at, now=now)
        if booking is not None:
            words = _BOOKED if booking.held_until is None else _HELD
            return words % {
                "booking": booking.label,
                "booked": describe_period(booking.starts_at, booking.ends_at, tz=zone),
                "asked": describe_period(block.starts_at, block.ends_at, tz=zone),
                "until": describe_moment(booking.held_until or now, tz=zone),
            }
    return None


def locked(resource, now: datetime) -> Resource:
    """The resource's row under lock; what is over does not stand in the way of a new time."""
    rows = Resource.objects.owned_by(resource.institution)
    rows.select_for_update(of=("self",)).get(pk=resource.pk)
    end_what_is_over(resource, now=now)
    return rows.select_related("institution", "site").get(pk=resource.pk)


def _record(block: BusyBlock, action: str, by, now: datetime) -> None:
    audit.record(
        chains=[block.institution.slug],
        by=by,
        action=action,
        obj=block,
        now=now,
        data={
            "resource": block.resource_id,
            "reason": block.reason,
            "starts_at": block.starts_at.isoformat(),
            "ends_at": block.ends_at.isoformat(),
        },
        label=f"{block.resource.name} ({block.resource.code})",
    )
