"""What the signed link of an e-mail opens: the person signs in, reads what will be done, confirms.

The token is in one address only, which keeps it in a cookie of these pages and leads on: no later
address, no Referer and no log of the page itself carries it.  A GET or HEAD acts on nothing.
"""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import View

from medshare_portal.memberships import memberships_of
from medshare_portal.signed_links import BadLink, ExpiredLink
from medshare_portal.views.pages import ActionPage
from scheduling.actions import decisions, requests
from scheduling.answer_links import Answer, read
from scheduling.models import SharingRequest
from scheduling.states import State

COOKIE, KEPT_SECONDS = "answer", 15 * 60
# Step → the state that waits for it.
STATES = {"approve": State.REQUESTED, "accept_counter": State.COUNTERED}


@method_decorator(login_not_required, name="dispatch")
class AnswerLink(View):
    """Takes the token out of the address; what it asks for is told after signing in."""

    http_method_names = ("get", "head")

    def get(self, request, token):
        try:
            read(token)
        except BadLink as problem:
            return broken(request, problem)
        response = HttpResponseRedirect(reverse("answer"))
        response.set_cookie(
            COOKIE, token, max_age=KEPT_SECONDS, path=reverse("answer"), httponly=True,
            samesite="Lax", secure=request.is_secure(),
        )  # fmt: skip
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        return response


def broken(request, problem: BadLink | None = None):
    """A link that opens nothing, in words."""
    if isinstance(problem, ExpiredLink):
        return _say(request, 410, _("The time of this link is over. Open the portal to answer."))
    words = _("It may have been cut off by the mail program. Open the portal to answer.")
    return _say(request, 404, words)


def _say(request, status: int, words: str, url: str = ""):
    context = {"words": words, "url": url or reverse("start")}
    return render(request, "scheduling/answer_link/closed.html", context, status=status)


class AnswerPage(ActionPage):
    """Shows what will be done, and does it when the form is sent by the person of the link."""

    template_name = "scheduling/answer_link/confirm.html"
    form_class = Form

    def dispatch(self, request, *args, **kwargs):
        try:
            self.answer: Answer = read(request.COOKIES.get(COOKIE, ""))
        except BadLink as problem:
            return broken(request, problem)
        if self.answer.user != request.user.pk:
            words = _("This link was sent to somebody else. Sign in as the person who got it.")
            return _say(request, 403, words)
        if self.sharing_request is None:
            return broken(request)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, *args, **kwargs):
        if self._is_answered():
            words = _("This has been answered or has changed in the meantime. Nothing was done.")
            return _say(request, 409, words, self.request_url)
        return super().get(request, *args, **kwargs)

    @cached_property
    def sharing_request(self) -> SharingRequest | None:
        """The request, on the side of a place where the person works; None where there is none."""
        related = ("resource__site", "owner", "borrower", "created_by")
        for place in memberships_of(self.request.user):
            if place.institution is not None:
                rows = self._rows(place.institution).select_related(*related)
                found = rows.filter(pk=self.answer.sharing_request).first()
                if found is not None:
                    return found
        return None

    def _rows(self, institution):
        if self.answer.step == "approve":
            return SharingRequest.objects.owned_by(institution)
        return SharingRequest.objects.borrowed_by(institution)

    def _is_answered(self) -> bool:
        request = self.sharing_request
        waits = request.state == STATES[self.answer.step]
        return not waits or request.version != self.answer.version

    @property
    def request_url(self) -> str:
        request = self.sharing_request
        here = request.owner if self.answer.step == "approve" else request.borrower
        return reverse("scheduling:request-detail", args=[here.slug, request.pk])

    def get_context_data(self, **kwargs):
        approves = self.answer.step == "approve"
        title = _("Approve this request?") if approves else _("Accept this counter-offer?")
        label = _("Approve and tell them") if approves else _("Accept and tell them")
        return super().get_context_data(
            sharing_request=self.sharing_request,
            zone=self.sharing_request.resource.site.time_zone,
            question=title,
            go_label=label,
            request_url=self.request_url,
            **kwargs,
        )

    def perform(self, form) -> str:
        act = decisions.approve if self.answer.step == "approve" else requests.accept_counter
        act(
            sharing_request=self.sharing_request,
            version=self.answer.version,
            by=self.request.user,
            now=self.now,
        )
        messages.success(self.request, _("Done; the other side has been told."))
        return self.request_url
