"""What every page's frame shows: navigation, institutions, counts."""

from django.conf import settings

from medshare_portal.models import Notification
from medshare_portal.navigation import navigation


def portal(request) -> dict:
    """Context of the frame.  Two counting queries for a signed-in person at most."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"theme": "auto", "demo": settings.DEMO}
    return {
        "theme": user.theme,
        "demo": settings.DEMO,
        "institution": request.institution,
        "institutions": [m.institution for m in request.memberships if m.institution],
        "at_city": request.resolver_match and request.resolver_match.namespaces[:1] == ["city"],
        "city_member": any(m.institution is None for m in request.memberships),
        "nav": navigation(request),
        "unread_count": Notification.objects.addressed_to(user)
        .filter(read_at__isnull=True)
        .count(),
    }
