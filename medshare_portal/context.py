"""What every page may read of the portal: the reader's place, and what waits there."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from medshare_portal.db.replica import complete_until
from medshare_portal.frame import unread


def portal(request) -> dict:
    """Context of every page; nothing is asked of the database until a template reads it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"theme": "auto", "demo": settings.DEMO}
    return {
        "theme": user.theme,
        "demo": settings.DEMO,
        "institution": request.institution,
        "complete_until": complete_until(),
        "unread_count": SimpleLazyObject(lambda: unread(user)),
    }
