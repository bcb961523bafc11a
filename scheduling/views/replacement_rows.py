"""Units that a borrower may ask for instead, as rows with price, verdict and address."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from medshare_portal.local_times import describe_hours, describe_period
from resources.intervals import Interval
from resources.models import Resource
from resources.tables import money
from scheduling.addresses import find_address, request_address
from scheduling.costs import cost_of
from scheduling.kinds import kinds
from scheduling.models import SharingRequest
from scheduling.queries.alternatives import SPLIT
from scheduling.queries.home_zone import home_zone
from scheduling.queries.replacements import Cause, asked_times, open_time, replacements
from scheduling.queries.rule_facts import Wish, contexts_of
from scheduling.rules import findings_for_request
from scheduling.share_modes import default_mode

HEADINGS = {
    Cause.LOST: _lazy("Units for the rest of your time"),
    Cause.AT_RISK: _lazy("In case it does not come back in time"),
    Cause.TAKEN: _lazy("Others that are free at your time"),
    Cause.CROSSED: _lazy("In case its present use is extended"),
}
WORDS = {
    Cause.LOST: _lazy("This booking no longer covers %(period)s (%(length)s)."),
    Cause.AT_RISK: _lazy("Somebody else still has it; you have booked %(period)s (%(length)s)."),
    Cause.TAKEN: _lazy("It has been given to others for a part of %(period)s (%(length)s)."),
    Cause.CROSSED: _lazy(
        "Its present user asks for more time, into the %(period)s (%(length)s) that you asked for."
    ),
}


def replacements_for(
    sharing_request: SharingRequest, *, at_risk: bool, now: datetime
) -> dict | None:
    """Context of ``scheduling/requests/replacements.html``; None where no time is at stake."""
    found = open_time(sharing_request, at_risk=at_risk, now=now)
    if found is None:
        return None
    cause, time = found
    period = describe_period(*time, tz=home_zone(sharing_request.borrower))
    words = {"period": period, "length": describe_hours(time[1] - time[0])}
    return instead_for(sharing_request, time, now=now) | {
        "heading": HEADINGS[cause],
        "words": str(WORDS[cause]) % words,
    }


def instead_for(sharing_request: SharingRequest, time: Interval, *, now: datetime) -> dict:
    """What the borrower can ask for in a time, the best first, and the search for more.  A kind
    with a search of its own (people) ranks there."""
    if search := kinds[sharing_request.kind].search_instead:
        return {"rows": [], "find_url": search(sharing_request, *time), "ranked_there": True}
    zone = home_zone(sharing_request.borrower)
    found = replacements(sharing_request, time, now=now)
    return {
        "rows": _judged(sharing_request, found, zone, now),
        "find_url": find_address(
            sharing_request.borrower,
            sharing_request.resource.category,
            zone,
            **_asked(sharing_request, *time),
        ),
        "ranked_there": False,
    }


def seen_by_owner(sharing_request: SharingRequest, time: Interval, *, now: datetime) -> list[dict]:
    """What the borrower could use instead, of that what the owner may see as well, without the
    address of the borrower's form."""
    if kinds[sharing_request.kind].search_instead:
        return []
    found = replacements(sharing_request, time, now=now)
    units = [way.resource.pk for way in found]
    visible = Resource.objects.visible_to(sharing_request.owner).filter(pk__in=units)
    keys = set(visible.values_list("pk", flat=True))
    return [
        {"title": way.text, "note": way.detail}
        for way in found
        if way.resource.pk in keys and (way.then_resource is None or way.then_resource.pk in keys)
    ]


def _judged(sharing_request, found, zone: ZoneInfo, now: datetime) -> list[dict]:
    wishes = [_wish(sharing_request, way) for way in found]
    related = kinds[sharing_request.kind].rule_related
    prefetch_related_objects([wish.resource for wish in wishes], *related)
    contexts = contexts_of(wishes, now=now) if wishes else []
    return [
        _row(sharing_request, way, context, zone)
        for way, context in zip(found, contexts, strict=True)
    ]


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
            sharing_request.borrower,
            way.resource,
            zone,
            **_asked(sharing_request, first, last),
            instead_of=sharing_request.pk,
        ),
    }
