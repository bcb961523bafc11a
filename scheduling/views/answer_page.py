"""The page behind the link of an e-mail: what is asked, what the rules say, who else asks; yes or
no.  It acts when its form is sent by the person of the link, in its own place or as a deputy."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.memberships import Membership, memberships_of
from medshare_portal.roles import permissions_of
from medshare_portal.signed_links import BadLink
from medshare_portal.views.pages import ActionPage
from scheduling.actions import decisions, requests
from scheduling.answer_links import STEPS, Answer, read
from scheduling.forms.answer import ApproveOrDecline, YesOrNo
from scheduling.forms.decisions import ReasonsForWarnings
from scheduling.kinds import zone_of
from scheduling.models import SharingRequest
from scheduling.queries import inbox
from scheduling.queries.opened import Opened, opened
from scheduling.queries.task import Task
from scheduling.states import State
from scheduling.views.answer_link import COOKIE, broken, say


@dataclass(frozen=True, kw_only=True)
class Question:
    """One step that a link may answer: which requests wait for it, on whose side, in what words."""

    state: State
    rows: Callable
    form: type[YesOrNo]
    title: Promise
    yes: Promise
    no: Promise
    instead: Promise


QUESTIONS = {
    "approve": Question(
        state=State.REQUESTED,
        rows=SharingRequest.objects.owned_by,
        form=ApproveOrDecline,
        title=gettext_lazy("Approve this request?"),
        yes=gettext_lazy("Approve and tell them"),
        no=gettext_lazy("Decline and say why"),
        instead=gettext_lazy("Decline instead"),
    ),
    "accept_counter": Question(
        state=State.COUNTERED,
        rows=SharingRequest.objects.borrowed_by,
        form=YesOrNo,
        title=gettext_lazy("Accept this counter-offer?"),
        yes=gettext_lazy("Accept and tell them"),
        no=gettext_lazy("Refuse and end the request"),
        instead=gettext_lazy("Refuse instead"),
    ),
}


class AnswerPage(ActionPage):
    template_name = "scheduling/answer_link/confirm.html"

    def dispatch(self, request, *args, **kwargs):
        try:
            self.answer: Answer = read(request.COOKIES.get(COOKIE, ""))
        except BadLink as problem:
            return broken(request, problem)
        if self.answer.user != request.user.pk:
            words = _("This link was sent to somebody else. Sign in as the person who got it.")
            return say(request, 403, words)
        if self.sharing_request is None:
            return broken(request)
        if not self._may():
            words = _("Your roles there do not allow this, or no longer do. Nothing was done.")
            return say(request, 403, words, self.request_url)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, *args, **kwargs):
        if self._is_answered():
            return self._too_late(409)
        return super().get(request, *args, **kwargs)

    def refused(self, form, refusal):
        del self._found  # what is said is what is there now
        if self._is_answered():
            return self._too_late(refusal.status)
        return super().refused(form, refusal)

    def _too_late(self, status: int):
        words = _("This has been answered or has changed in the meantime. Nothing was done.")
        return say(self.request, status, words, self.request_url)

    @property
    def question(self) -> Question:
        return QUESTIONS[self.answer.step]

    @cached_property
    def _found(self) -> tuple[Membership | None, SharingRequest | None]:
        """The request, and on its side the place where the person works; None where there is
        none."""
        for place in memberships_of(self.request.user):
            if place.institution is not None:
                rows = inbox.related(self.question.rows(place.institution))
                found = rows.filter(pk=self.answer.sharing_request).first()
                if found is not None:
                    return place, found
        return None, None

    @property
    def sharing_request(self) -> SharingRequest | None:
        return self._found[1]

    @property
    def here(self) -> Membership:
        return self._found[0]

    def _is_answered(self) -> bool:
        request = self.sharing_request
        return request.state != self.question.state or request.version != self.answer.version

    def _may(self) -> bool:
        allowed = permissions_of(self.here.roles, self.sharing_request.kind)
        return STEPS[self.answer.step] in allowed

    @property
    def request_url(self) -> str:
        slug = self.here.institution.slug
        return reverse("scheduling:request-detail", args=[slug, self.sharing_request.pk])

    @cached_property
    def opened(self) -> Opened:
        return opened(self.task, self.here.institution, now=self.now)

    @cached_property
    def task(self) -> Task:
        return inbox.task_of(self.sharing_request, self.here.institution, now=self.now)

    def get_form(self, form_class=None):
        sent = self.request.POST if self.request.method == "POST" else None
        return self.question.form(sent, task=self.task)

    def get_context_data(self, **kwargs):
        request = self.sharing_request
        absent = self.here.deputy_for(STEPS[self.answer.step], request.kind)
        context = {
            "sharing_request": request,
            "counters": request.state == State.COUNTERED,
            "zone": zone_of(request),
            "question": self.question,
            "blocked": bool(self.task.findings.blocks),
            "losing": [] if self.task.findings.blocks else self._losing(),
            "absent": absent.name if absent else "",
            "request_url": self.request_url,
        }
        return self._with_findings(super().get_context_data(**context | kwargs))

    def _with_findings(self, context) -> dict:
        """Each with the field for the reason by which it is passed."""
        form = context["form"]
        reasons = form.reason_fields() if isinstance(form, ReasonsForWarnings) else {}
        context["findings"] = [(row, reasons.get(row["code"])) for row in self.opened.findings]
        return context

    def _losing(self) -> list[str]:
        """Who else asks and cannot be served once this is approved."""
        rivals = self.opened.rivals[1:]
        return [rival.request.borrower.name for rival in rivals if not rival.served]

    def perform(self, form) -> str:
        values = form.cleaned_data
        act = getattr(self, f"_{self.answer.step}_{values['answer']}")
        act(form, self._common())
        messages.success(self.request, _("Done; the other side has been told."))
        return self.request_url

    def _common(self) -> dict:
        return {
            "sharing_request": self.sharing_request,
            "version": self.answer.version,
            "by": self.request.user,
            "now": self.now,
        }

    def _approve_yes(self, form, common) -> None:
        text = form.cleaned_data["text"]
        decisions.approve(**common, text=text, accepted=form.accepted)

    def _approve_no(self, form, common) -> None:
        values = form.cleaned_data
        decisions.decline(**common, text=values["text"], reason_code=values["reason_code"])

    def _accept_counter_yes(self, form, common) -> None:
        requests.accept_counter(**common)

    def _accept_counter_no(self, form, common) -> None:
        requests.refuse_counter(**common, text=form.cleaned_data["text"])
