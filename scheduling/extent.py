"""What a request is for, in words: its times, or what its kind counts."""

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
