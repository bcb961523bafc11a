"""What a request is for, in words: its times, or what its kind counts."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from medshare_portal.local_times import describe_period
from scheduling.kinds import kinds, zone_of


def is_overdue(sharing_request, now) -> bool:
    """Whether it should be back; what claims no time is never overdue."""
    return sharing_request.ends_at is not None and sharing_request.ends_at < now


def extent(sharing_request, *, tz=None) -> str:
    """'Wed 25 Nov 08:00 to 20:00' in the zone (of where it is used if none), or '3 packs of 10'."""
    words = kinds[sharing_request.kind].extent
    if words is not None:
        return str(words(sharing_request))
    zone = tz or zone_of(sharing_request)
    return describe_period(sharing_request.starts_at, sharing_request.ends_at, tz=zone)


def first_asked(sharing_request, *, tz=None) -> str:
    """What was asked for, where something else has been agreed since; empty where nothing has."""
    words = _asked(sharing_request, tz)
    return _("First asked: %(extent)s") % {"extent": words} if words else ""


def _asked(row, tz) -> str:
    if row.asked_quantity != row.quantity:
        return number_format(row.asked_quantity.normalize())
    words = []
    if (row.asked_starts_at, row.asked_ends_at) != (row.starts_at, row.ends_at):
        zone = tz or zone_of(row)
        words.append(describe_period(row.asked_starts_at, row.asked_ends_at, tz=zone))
    if row.asked_units != row.units:
        words.append(f"× {row.asked_units}")
    return " · ".join(words)
