"""The key figures of a saved report for its monthly mail: the page itself is asked, through the
gate of every page and with the rights that its reader has at that moment."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, QueryDict
from django.urls import resolve
from django.utils.translation import gettext as _

from medshare_portal.memberships import person
from medshare_portal.middleware.institution import InstitutionInAddress
from medshare_portal.refusals import Refusal
from reports.models import SavedReport
from reports.saved_pages import address_of

SHOWN, OPEN = 12, 200
GATE = InstitutionInAddress(get_response=None)


def lines_of(report: SavedReport, user_pk: int) -> list[str]:
    """'Name: value (change)' of each; why not, where it cannot be opened any more."""
    try:
        return _lines(address_of(report), user_pk)
    except Refusal as refusal:
        return [str(refusal.message)]
    except (Http404, PermissionDenied):
        return []


def opens(address: str, user_pk: int) -> bool:
    """Whether its filters hold.  Raises what the page raises where it may not be read."""
    _page, answer = _opened(address, user_pk)
    return answer.status_code == OPEN


def _opened(address: str, user_pk: int):
    request = _request(address, user_pk)
    match, kwargs = request.resolver_match, dict(request.resolver_match.kwargs)
    GATE.process_view(request, match.func, match.args, kwargs)
    page = match.func.view_class
    return page, page.as_view(from_primary=True)(request, *match.args, **kwargs)


def _lines(address: str, user_pk: int) -> list[str]:
    page, answer = _opened(address, user_pk)
    if answer.status_code != OPEN:
        return [_("Its filters do not hold any more: open it and keep it anew.")]
    context = answer.context_data
    period = (
        [_("Period: %(period)s") % {"period": words}] if (words := context.get("period")) else []
    )
    return period + [_line(row) for row in page.key_figures(context)[:SHOWN]]


def _request(address: str, user_pk: int) -> HttpRequest:
    """As if its reader opened the page; nobody who is gone or may not sign in."""
    user = person(user_pk)
    if user is None or not user.is_active:
        raise PermissionDenied
    path, _mark, query = address.partition("?")
    request = HttpRequest()
    request.method, request.path, request.user = "GET", path, user
    request.META["QUERY_STRING"] = query
    request.GET = QueryDict(query)
    request.resolver_match = resolve(path)
    request.institution, request.membership = None, None
    return request


def _line(row: dict) -> str:
    words = _("%(name)s: %(value)s") % {"name": row["name"], "value": row["value"]}
    change = row.get("change")
    return f"{words} ({change['arrow']} {change['words']})" if change else words
