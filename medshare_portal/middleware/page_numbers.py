"""A page number that the list does not have is a 404 that says so and shows what there is.

Lists shrink while people read them: who comes back to page 3 of 2 gets the last page, not an error
page, with a word on top.  For every list at once, because each would have to remember it.
"""

from django.contrib import messages
from django.core.paginator import Page
from django.utils.translation import gettext as _

SHOWN = 20  # characters of what was asked for


class PageNumbers:
    """``page`` of the address against the number of the page in the answer's context."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_template_response(self, request, response):
        asked = request.GET.get("page", "")
        page = _page_of(response) if asked and response.status_code == 200 else None
        if page is not None and asked != str(page.number):
            response.status_code = 404
            words = _("There is no page “%(asked)s”: this is page %(number)s.")
            messages.warning(request, words % {"asked": asked[:SHOWN], "number": page.number})
        return response


def _page_of(response) -> Page | None:
    """Of a list with a pager, or of a table."""
    context = getattr(response, "context_data", None) or {}
    found = (context.get("page"), getattr(context.get("table"), "page", None))
    return next((page for page in found if isinstance(page, Page)), None)
