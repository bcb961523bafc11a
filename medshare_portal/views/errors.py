"""400, 403, 404 and 500 as pages of the portal.

None of them uses ``requires_csrf_token`` or reads the request's body: a form post with a charset
that Django refuses would otherwise leave WSGI as a bare 500 (trust.md, finding 9).
"""

from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt


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
    """500: no context processor may fail a second time, so the page is nearly static."""
    return render(None, "500.html", status=500)


@csrf_exempt
def csrf_failure(request, reason=""):
    """403 for a form that did not come from our own page or whose session ended."""
    return render(request, "403_csrf.html", status=403)
