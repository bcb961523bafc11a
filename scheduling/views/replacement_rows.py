"""Units that a borrower may ask for instead, as rows with price, verdict and address."""

from datetime import datetime
from functools import partial
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
from scheduling.queries.replacements import Cause, asked_times, in_parts, open_time, ranked
from scheduling.queries.rule_facts import Wish, contexts_of
from scheduling.rules import findings_for_request
from scheduling.share_modes import default_mode
from scheduling.views.ranked_rows import ranking_for

HEADINGS = {
    Cause.LOST: _lazy("Units for the rest of your time"),
    Cause.AT_RISK: _lazy("In case it does not come back in time"),
    Cause.TAKEN: _lazy("Others that are free at your time"),
    Cause.CROSSED: _lazy("In case its present use is extended"),
    Cause.REFUSED: _lazy("Who else could serve you"),
    Cause.LOOKING: _lazy("Who else could serve you"),
}
WORDS = {
    Cause.LOST: _lazy("This booking no longer covers %(period)s (%(length)s)."),
    Cause.AT_RISK: _lazy("Somebody else still has it; you have booked %(period)s (%(length)s)."),
    Cause.TAKEN: _lazy("It has been given to others for a part of %(period)s (%(length)s)."),
    Cause.CROSSED: _lazy(
        "Its present user asks for more time, into the %(period)s (%(length)s) that you asked for."
    ),
    Cause.REFUSED: _lazy("This request came to nothing. What you asked for may be had of others."),
    Cause.LOOKING: _lazy("This request waits for its answer. Should it be no, there is:"),
}


def replacements_for(
    sharing_request: SharingRequest, *, at_risk: bool, looking: bool = False, now: datetime
) -> dict | None:
    """Context of ``scheduling/requests/replacements.html``; None where no time is at stake."""
    found = open_time(sharing_request, at_risk=at_risk, looking=looking, now=now)
    if found is None:
        return None
    cause, time = found
    if time is None and not kinds[sharing_request.kind].in_rounds:
        return None  # of such a quantity nothing is like another
    words = {}
    if time is not None:
        period = describe_period(*time, tz=home_zone(sharing_request.borrower))
        words = {"period": period, "length": describe_hours(time[1] - time[0])}
    return instead_for(sharing_request, time, now=now) | {
        "heading": HEADINGS[cause],
        "words": str(WORDS[cause]) % words,
    }


def instead_for(sharing_request: SharingRequest, time: Interval | None, *, now: datetime) -> dict:
    """What the borrower can ask for instead, ranked; where nothing has all of the time, what has a
    part of it; and the search for more."""
    zone, kind = home_zone(sharing_request.borrower), kinds[sharing_request.kind]
    wanted, found = ranked(sharing_request, time, now=now)
    divisible = time is not None and not found.suitable and kind.search_instead is None
    parts = in_parts(sharing_request, time, now=now) if divisible else []
    ask = partial(_ask_address, sharing_request, zone)
    return {
        "ranking": ranking_for(wanted, found, ask=ask, zone=zone, now=now),
        "rows": _judged(sharing_request, parts, zone, now),
        "find_url": _search_address(sharing_request, time, zone),
    }


def _search_address(sharing_request: SharingRequest, time: Interval | None, zone: ZoneInfo) -> str:
    """The search of the kind, filled in; nothing where it has none."""
    if time is None:
        return ""
    if search := kinds[sharing_request.kind].search_instead:
        return search(sharing_request, *time)
    category, wish = sharing_request.resource.category, _asked(sharing_request, *time)
    return find_address(sharing_request.borrower, category, zone, **wish)


def _ask_address(sharing_request: SharingRequest, zone: ZoneInfo, one) -> str:
    if own := kinds[sharing_request.kind].ask_instead:
        return own(sharing_request, one)
    wish = _asked(sharing_request, *asked_times(one)) | {"instead_of": sharing_request.pk}
    return request_address(sharing_request.borrower, one.resource, zone, **wish)


def seen_by_owner(sharing_request: SharingRequest, time: Interval, *, now: datetime) -> list[dict]:
    """What the borrower could use instead, of that what the owner may see as well, without the
    address of the borrower's form."""
    if kinds[sharing_request.kind].search_instead:
        return []
    _wanted, found = ranked(sharing_request, time, now=now)
    units = [one.resource.pk for one in found.suitable]
    visible = Resource.objects.visible_to(sharing_request.owner).filter(pk__in=units)
    keys = set(visible.values_list("pk", flat=True))
    return [
        {
            "title": f"{one.resource.institution.name} · {one.resource.name}",
            "note": f"{one.resource.code} · {one.kilometres:.1f} km",
        }
        for one in found.suitable
        if one.resource.pk in keys
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
    cost = cost_of(context.hours, sharing_request.units, way.offer.fee_per_hour)
    near = _("%(km)s km") % {"km": f"{way.distance_km:.1f}"} if way.distance_km is not None else ""
    return {
        "title": way.text,
        "note": " · ".join(part for part in (way.detail, near) if part),
        "price": money(cost, way.offer.currency),
        "status": "bad" if blocks else "partial" if way.kind == SPLIT else "ok",
        "verdict": blocks[0].text if blocks else _("Passes every check"),
        "code": way.resource.code,
        "url": _ask_address(sharing_request, zone, way),
    }
