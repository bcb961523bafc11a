"""Units that a borrower may ask for instead, as rows with price, verdict and address."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from medshare_portal.local_times import describe_hours, describe_period
from resources.tables import money
from scheduling.addresses import find_address, request_address
from scheduling.costs import cost_of
from scheduling.kinds import kinds
from scheduling.models import SharingRequest
from scheduling.queries.alternatives import SPLIT
from scheduling.queries.home_zone import home_zone
from scheduling.queries.replacements import asked_times, lost_time, replacements
from scheduling.queries.rule_facts import Wish, contexts_of
from scheduling.rules import findings_for_request
from scheduling.share_modes import default_mode


def replacements_for(sharing_request: SharingRequest, *, now: datetime) -> dict | None:
    """Context of ``scheduling/requests/replacements.html``; None where no time was lost."""
    lost = lost_time(sharing_request, now=now)
    if lost is None:
        return None
    zone = home_zone(sharing_request.borrower)
    found = replacements(sharing_request, lost, now=now)
    wishes = [_wish(sharing_request, way) for way in found]
    related = kinds[sharing_request.kind].rule_related
    prefetch_related_objects([wish.resource for wish in wishes], *related)
    contexts = contexts_of(wishes, now=now) if wishes else []
    return {
        "period": describe_period(*lost, tz=zone),
        "length": describe_hours(lost[1] - lost[0]),
        "rows": [
            _row(sharing_request, way, context, zone)
            for way, context in zip(found, contexts, strict=True)
        ],
        "find_url": find_address(
            sharing_request.borrower,
            sharing_request.resource.category,
            zone,
            **_asked(sharing_request, *lost),
        ),
    }


def _asked(sharing_request: SharingRequest, starts_at: datetime, ends_at: datetime) -> dict:
    return {
        "units": sharing_request.units,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "priority": sharing_request.priority,
    }


def _wish(sharing_request: SharingRequest, way) -> Wish:
    return Wish(
        resource=way.resource,
        borrower=sharing_request.borrower,
        mode=default_mode(way.resource),
        **_asked(sharing_request, *asked_times(way)),
    )


def _row(sharing_request: SharingRequest, way, context, zone: ZoneInfo) -> dict:
    blocks = findings_for_request(context).blocks
    first, last = asked_times(way)
    cost = cost_of(context.hours, sharing_request.units, way.offer.fee_per_hour)
    near = _("%(km)s km") % {"km": f"{way.distance_km:.1f}"} if way.distance_km is not None else ""
    return {
        "title": way.text,
        "note": " · ".join(part for part in (way.detail, near) if part),
        "price": money(cost, way.offer.currency),
        "status": "bad" if blocks else "partial" if way.kind == SPLIT else "ok",
        "verdict": blocks[0].text if blocks else _("Passes every check"),
        "code": way.resource.code,
        "url": request_address(
            sharing_request.borrower, way.resource, zone, **_asked(sharing_request, first, last)
        ),
    }
