"""Somebody who is away, and the colleague who stands in."""

from datetime import timedelta

from django.utils import timezone

from medshare_portal.models import Absence, Institution, User


def absence(user: User, deputy: User, *, at: Institution, **fields) -> Absence:
    """Running since yesterday for three days, unless told otherwise."""
    now = timezone.now()
    today = timezone.localdate(now)
    values = {
        "from_day": today - timedelta(days=1),
        "until_day": today + timedelta(days=1),
        "starts_at": now - timedelta(days=1),
        "ends_at": now + timedelta(days=2),
        "entered_by": user,
        "entered_at": now - timedelta(days=2),
    }
    return Absence.unscoped.create(user=user, deputy=deputy, institution=at, **values | fields)
