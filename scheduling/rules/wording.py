"""How rules write a period: at the resource's site, in the reader's language, when shown."""

import zoneinfo

from medshare_portal.local_times import describe_period


class _Period:
    """Text that is made when it is shown, in the language active then."""

    def __init__(self, starts_at, ends_at, zone):
        self.parts = starts_at, ends_at, zone

    def __str__(self):
        starts_at, ends_at, zone = self.parts
        return describe_period(starts_at, ends_at, tz=zone)


def when(starts_at, ends_at, resource, zone=None):
    """A lazy period text in the zone, that of the resource's site if none."""
    return _Period(starts_at, ends_at, zone or zoneinfo.ZoneInfo(resource.site.time_zone))
