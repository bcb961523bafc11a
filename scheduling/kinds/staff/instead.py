"""The search for somebody else, filled in as the shift was asked."""

from datetime import datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse

from medshare_portal.forms.moments import written
from scheduling.models import SharingRequest
from scheduling.queries.home_zone import main_site


def search_instead(sharing_request: SharingRequest, starts_at: datetime, ends_at: datetime) -> str:
    """People ranked for the rest of the shift; a break longer than that is left out."""
    asked = sharing_request.staff_engagement
    site = sharing_request.delivery_site or main_site(sharing_request.borrower)
    zone = ZoneInfo((site or sharing_request.resource.site).time_zone)
    minutes = (ends_at - starts_at).total_seconds() / 60
    values = {
        "profession": sharing_request.resource.category.slug,
        "specialty": asked.specialty.code if asked.specialty else "",
        "starts_at": written(starts_at, zone),
        "ends_at": written(ends_at, zone),
        "break_minutes": asked.break_minutes if asked.break_minutes < minutes else 0,
        "site": site.pk if site else "",
        "ward": sharing_request.delivery_place,
        "priority": sharing_request.priority,
        "competencies": [row.code for row in asked.competencies.order_by("code")],
    }
    path = reverse("scheduling:staff-need", args=[sharing_request.borrower.slug])
    given = {name: value for name, value in values.items() if value not in ("", None)}
    return f"{path}?{urlencode(given, doseq=True)}"
