"""The concrete offered intervals of an offer: written ahead, ended early, never in the past."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from medshare_portal import policy
from resources import counted_times
from resources.intervals import clip, day_bounds, expand
from resources.models import Offer, OfferedInterval


def today_at(site, now: datetime) -> date:
    """The calendar day at a site."""
    return now.astimezone(ZoneInfo(site.time_zone)).date()


def write(offer: Offer, site, now: datetime) -> int:
    """Write the intervals from where the offer is expanded to (or now) up to the horizon.

    An interval that ends where the new time begins is lengthened, so neighbours never touch.
    Returns 1 when something was due, else 0.
    """
    zone = ZoneInfo(site.time_zone)
    last_day = today_at(site, now) + timedelta(days=policy.current().offer.horizon_days)
    until = day_bounds(last_day, zone)[1]
    since = offer.expanded_until or now
    if offer.expanded_until is not None and until <= offer.expanded_until:
        return 0
    if offer.ends_on is not None:
        last_day = min(last_day, offer.ends_on)
    first_day = max(offer.starts_on, since.astimezone(zone).date() - timedelta(days=2))
    pattern = expand(offer.windows.all(), offer.exceptions.all(), zone, first_day, last_day)
    intervals = clip(pattern, since, until)
    if intervals and since < now:  # nobody has written them in time
        counted_times.changed(offer.resource, since, intervals[-1][1], cause="offer", now=now)
    _append(offer, intervals, since)
    offer.expanded_until = until
    offer.save(update_fields=["expanded_until"])
    return 1


def _append(offer: Offer, intervals: list, since: datetime) -> None:
    rows = OfferedInterval.objects.owned_by(offer.institution).filter(offer=offer)
    touching = rows.filter(ends_at=since).first()
    if touching and intervals and intervals[0][0] == since:
        touching.ends_at = intervals.pop(0)[1]
        touching.save(update_fields=["ends_at"])
    OfferedInterval.objects.bulk_create(
        [
            OfferedInterval(
                offer=offer,
                resource_id=offer.resource_id,
                institution_id=offer.institution_id,
                starts_at=starts_at,
                ends_at=ends_at,
            )
            for starts_at, ends_at in intervals
        ]
    )


def end_at(offer: Offer, now: datetime) -> None:
    """Take back what is offered from ``now`` on; what was offered before stays."""
    rows = OfferedInterval.objects.owned_by(offer.institution).filter(offer=offer)
    rows.filter(starts_at__gte=now).delete()
    rows.filter(starts_at__lt=now, ends_at__gt=now).update(ends_at=now)
