"""400, 403, 404, 500 and 503 as pages of the portal.

None of them uses ``requires_csrf_token`` or reads the request's body: a form post with a charset
that Django refuses would otherwise leave WSGI as a bare 500 (trust.md, finding 9).
"""

import sys

from django.db import OperationalError
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from medshare_portal.db.errors import is_busy

TRY_AGAIN_AFTER = 5  # seconds


@csrf_exempt
def bad_request(request, exception=None):
    """400: the request itself makes no sense."""
    return render(request, "400.html", status=400)


@csrf_exempt
def forbidden(request, exception=None):
    """403: who may do it is named, so that nobody has to guess."""
    context = {
        "ask": getattr(exception, "ask", ()),
        "contacts": getattr(exception, "contacts", ()),
        "reason": str(exception or ""),
    }
    return render(request, "403.html", context, status=403)


@csrf_exempt
def not_found(request, exception=None):
    """404: the same page for what does not exist and for what belongs to others."""
    return render(request, "404.html", status=404)


@csrf_exempt
def server_error(request):
    """500: no context processor may fail a second time, so the page is nearly static.

    503 where the fault was only a lock that somebody else held too long: a reload may succeed.
    """
    error = sys.exception()
    with translation.override(_language(request)):
        if isinstance(error, OperationalError) and is_busy(error):
            answer = render(None, "503.html", status=503)
            answer["Retry-After"] = str(TRY_AGAIN_AFTER)
            return answer
        return render(None, "500.html", status=500)


def _language(request) -> str:
    """The person's; the browser's where it broke before anybody was known."""
    return getattr(request, "LANGUAGE_CODE", "") or translation.get_language_from_request(request)


@csrf_exempt
def csrf_failure(request, reason=""):
    """403 for a form that did not come from our own page or whose session ended."""
    return render(request, "403_csrf.html", status=403)
