"""The notice of a recall names what the borrower can ask for instead, with a link to each."""

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from medshare_portal.local_times import describe_period
from scheduling.addresses import request_address
from scheduling.kinds import kinds
from scheduling.models import SharingRequest
from scheduling.queries.home_zone import home_zone
from scheduling.queries.replacements import (
    asked_times,
    in_parts,
    lost_time,
    ranked,
    whole_time,
)

MOST = 3  # links in one notice
LANGUAGES = (("en", "en"), ("zh", "zh-hans"))


def links_instead(
    sharing_request: SharingRequest, *, now: datetime, whole: bool = False
) -> list[dict]:
    """Links as a notification keeps them: ``label_en``, ``label_zh`` and the path.

    ``whole``: all of its time is at stake, not only what it has lost.
    """
    lost = (whole_time if whole else lost_time)(sharing_request, now=now)
    if lost is None:
        return []
    zone = home_zone(sharing_request.borrower)
    if search := kinds[sharing_request.kind].search_instead:
        return [_search_link(search(sharing_request, *lost), lost, zone)]
    _wanted, found = ranked(sharing_request, lost, now=now)
    ways = found.suitable[:MOST] or in_parts(sharing_request, lost, now=now)
    return [_link(sharing_request, way, zone) for way in ways]


def _search_link(path: str, lost, zone) -> dict:
    link = {"url": path}
    for suffix, language in LANGUAGES:
        with translation.override(language):
            words = _("Find somebody else, %(period)s")
            link[f"label_{suffix}"] = words % {"period": describe_period(*lost, tz=zone)}
    return link


def _link(sharing_request, way, zone) -> dict:
    starts_at, ends_at = asked_times(way)
    path = request_address(
        sharing_request.borrower,
        way.resource,
        zone,
        units=sharing_request.units,
        starts_at=starts_at,
        ends_at=ends_at,
        priority=sharing_request.priority,
        instead_of=sharing_request.pk,
    )
    link = {"url": path}
    for suffix, language in LANGUAGES:
        with translation.override(language):
            link[f"label_{suffix}"] = _(
                "Ask instead for %(name)s %(code)s of %(owner)s, %(period)s"
            ) % {
                "name": way.resource.name,
                "code": way.resource.code,
                "owner": way.resource.institution.name,
                "period": describe_period(starts_at, ends_at, tz=zone),
            }
    return link
