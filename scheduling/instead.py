"""The notice of a recall names what the borrower can ask for instead, with a link to each."""

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from medshare_portal.local_times import describe_period
from scheduling.addresses import request_address
from scheduling.models import SharingRequest
from scheduling.queries.home_zone import home_zone
from scheduling.queries.replacements import asked_times, lost_time, replacements

LANGUAGES = (("en", "en"), ("zh", "zh-hans"))


def links_instead(sharing_request: SharingRequest, *, now: datetime) -> list[dict]:
    """Links as a notification keeps them: ``label_en``, ``label_zh`` and the path."""
    lost = lost_time(sharing_request, now=now)
    if lost is None:
        return []
    zone = home_zone(sharing_request.borrower)
    return [
        _link(sharing_request, way, zone) for way in replacements(sharing_request, lost, now=now)
    ]


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
