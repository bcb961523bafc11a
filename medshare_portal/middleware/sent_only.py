"""An address that is only sent to (a file, an act) answers a visitor with a page, not with nothing.

Bookmarks, the back button and copied addresses lead there; the status stays 405.  For every such
address at once, because each would have to remember it.
"""

from django.http import Http404
from django.shortcuts import render
from django.urls import resolve

REFUSED = 405


class SentOnly:
    """Leads back to the page above the address, with its filters."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        answer = self.get_response(request)
        if answer.status_code != REFUSED or request.method != "GET":
            return answer
        page = render(request, "405.html", {"back_url": _page_above(request)}, status=REFUSED)
        page["Allow"] = answer.get("Allow", "")
        return page


def _page_above(request) -> str:
    """'/city/demand/?kind=staff' of '/city/demand/export/?kind=staff'; "/" where nothing is."""
    above = f"{request.path.rstrip('/').rpartition('/')[0]}/"
    try:
        resolve(above)
    except Http404:
        return "/"
    query = request.GET.urlencode()
    return f"{above}?{query}" if query else above
