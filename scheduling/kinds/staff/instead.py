"""The search for somebody else, and the invitation for further hours, as the shift was asked."""

from datetime import datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse

from medshare_portal.forms.moments import written
from scheduling.models import SharingRequest
from scheduling.queries.home_zone import main_site

FURTHER = timedelta(hours=2)


def search_instead(sharing_request: SharingRequest, starts_at: datetime, ends_at: datetime) -> str:
    """People ranked for the rest of the shift; a break longer than that is left out."""
    path = reverse("scheduling:staff-need", args=[sharing_request.borrower.slug])
    return f"{path}?{_asked_for(sharing_request, starts_at, ends_at)}"


def invite_instead(sharing_request: SharingRequest, suitable) -> str:
    """The invitation of somebody else to the same shift."""
    names = [sharing_request.borrower.slug, suitable.resource.pk]
    path = reverse("scheduling:staff-invite", args=names)
    return f"{path}?{_asked_for(sharing_request, suitable.starts_at, suitable.ends_at)}"


def further_hours(sharing_request: SharingRequest) -> str:
    """The invitation of the same person for the hours after its shift.

    A shift is not made longer by an extension: whoever consented to eight hours did not consent to
    ten, and rest is counted anew; hours that touch are judged as one duty.
    """
    names = [sharing_request.borrower.slug, sharing_request.resource_id]
    path = reverse("scheduling:staff-invite", args=names)
    first = sharing_request.ends_at
    return f"{path}?{_asked_for(sharing_request, first, first + FURTHER)}"


def _asked_for(sharing_request: SharingRequest, starts_at: datetime, ends_at: datetime) -> str:
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
    given = {name: value for name, value in values.items() if value not in ("", None)}
    return urlencode(given, doseq=True)
