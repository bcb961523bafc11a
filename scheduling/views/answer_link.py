"""What the signed link of an e-mail opens first: it takes the token out of the address.

The token is in one address only, which keeps it in a cookie of these pages and leads on: no later
address, no Referer and no log of the page itself carries it, and the server's own log of requests
masks it (``medshare_portal.logs``).  A GET or HEAD acts on nothing.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.generic import View

from medshare_portal.signed_links import BadLink, ExpiredLink
from scheduling.answer_links import read

COOKIE, KEPT_SECONDS = "answer", 15 * 60


@method_decorator(login_not_required, name="dispatch")
class AnswerLink(View):
    """Leads on without the token; what it asks for is told after signing in."""

    http_method_names = ("get", "head")

    def get(self, request, token):
        try:
            read(token)
        except BadLink as problem:
            return _private(broken(request, problem))
        response = HttpResponseRedirect(reverse("answer"))
        response.set_cookie(
            COOKIE, token, max_age=KEPT_SECONDS, path=reverse("answer"), httponly=True,
            samesite="Lax", secure=request.is_secure(),
        )  # fmt: skip
        return _private(response)


def _private(response):
    """The address had a token, good or not: nothing keeps or passes it on."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


def broken(request, problem: BadLink | None = None):
    """A link that opens nothing, in words."""
    if isinstance(problem, ExpiredLink):
        return say(request, 410, _("The time of this link is over. Open the portal to answer."))
    words = _("It may have been cut off by the mail program. Open the portal to answer.")
    return say(request, 404, words)


def say(request, status: int, words: str, url: str = ""):
    """Why nothing can be answered here, and where to go instead."""
    context = {"words": words, "url": url or reverse("start")}
    return render(request, "scheduling/answer_link/closed.html", context, status=status)
