"""Decide a request, and answer a counter-offer."""

from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.local_times import describe_hours
from medshare_portal.refusals import StaleVersion
from medshare_portal.roles import Permission
from medshare_portal.submissions import FIELD as KEY
from scheduling.actions import decisions, requests
from scheduling.forms.changes import AnswerExtensionForm
from scheduling.forms.decisions import AcceptForm, DecisionForm, MessageForm
from scheduling.queries import inbox
from scheduling.queries.opened import Opened, advice, opened
from scheduling.states import Side, State
from scheduling.views.request_page import RequestAction


def decision_context(found: Opened, institution, form=None) -> dict:
    """Context of the open panel: an opened task and the form that answers it."""
    task = found.task
    if form is None and task.step == inbox.DECIDE:
        form = decision_form(found, institution)
    elif form is None and task.step == inbox.ANSWER_EXTENSION:
        form = AnswerExtensionForm(initial={"agree": "no" if task.findings.blocks else "yes"})
    return {
        "found": found,
        "task": task,
        "form": form,
        "cards": _cards(found, form) if task.step == inbox.DECIDE else [],
        "hours": describe_hours(task.length),
        "part_hours": describe_hours(found.part[1] - found.part[0]) if found.part else "",
        "advice": advice(found),
        "reasons": form.reason_fields() if task.step == inbox.DECIDE else {},
    }


def decision_form(found: Opened, institution, data=None) -> DecisionForm:
    """With the suggestion filled in."""
    request = found.task.request
    starts_at, ends_at = found.part or (request.starts_at, request.ends_at)
    initial = {
        "decision": found.suggested,
        "version": request.version,
        "part_starts_at": starts_at,
        "part_ends_at": ends_at,
        "part_units": _units_to_give(found),
        "counter_starts_at": request.starts_at,
        "counter_ends_at": request.ends_at,
        "counter_units": request.units,
        "counter_resource": request.resource_id,
        "counter_fee": request.fee_per_hour,
    }
    return DecisionForm(
        data,
        initial=initial,
        sharing_request=request,
        findings=found.task.findings,
        institution=institution,
    )


def _units_to_give(found: Opened) -> int:
    context = found.task.context
    free = context.units_free if context else found.task.request.units
    return max(1, min(found.task.request.units, free))


def _cards(found: Opened, form: DecisionForm) -> dict:
    """Which card is chosen, and which cannot be."""
    chosen = form["decision"].value() or found.suggested
    return {"chosen": chosen, "blocked": bool(found.task.findings.blocks)}


class Decide(RequestAction):
    """One page, four decisions; the inbox posts here too.

    ``decision`` is what the address says (…/approve/), for a form that does not name one.
    """

    permission = Permission.DECIDE
    side = Side.OWNER
    template_name = "scheduling/inbox/decide.html"
    title = gettext_lazy("Decide")
    decision = ""

    def get_form(self, form_class=None):
        task = inbox.task_of(self.sharing_request, self.institution, now=self.now)
        self.found = opened(task, self.institution, now=self.now)
        return decision_form(self.found, self.institution, self._posted())

    def _posted(self):
        if self.request.method != "POST":
            return None
        data = self.request.POST.copy()
        if self.decision and "decision" not in data:
            data["decision"] = self.decision
        return data

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        waits = self.sharing_request.state == State.REQUESTED
        return (
            context
            | decision_context(self.found, self.institution, context["form"])
            | {"waits": waits}
        )

    def perform(self, form) -> str:
        values = form.cleaned_data
        words = getattr(self, f"_{values['decision']}")(values, form)
        messages.success(self.request, words)
        return reverse("scheduling:inbox", args=[self.institution.slug])

    def _common(self, values) -> dict:
        return {
            "sharing_request": self.sharing_request,
            "by": self.request.user,
            "now": self.now,
            "version": values["version"],
            "text": values["text"],
        }

    def _approve(self, values, form) -> str:
        decisions.approve(**self._common(values), accepted=form.accepted)
        return _("Approved; %(name)s has been told.") % {"name": self.counterpart.name}

    def _part(self, values, form) -> str:
        decisions.approve(
            **self._common(values),
            accepted=form.accepted,
            starts_at=values["part_starts_at"],
            ends_at=values["part_ends_at"],
            units=values["part_units"],
        )
        length = describe_hours(values["part_ends_at"] - values["part_starts_at"])
        return _("Approved %(length)s; %(name)s has been told.") % {
            "length": length,
            "name": self.counterpart.name,
        }

    def _counter(self, values, form) -> str:
        decisions.counter(
            **self._common(values),
            starts_at=values["counter_starts_at"],
            ends_at=values["counter_ends_at"],
            units=values["counter_units"] or self.sharing_request.units,
            resource=values["counter_resource"],
            fee_per_hour=values["counter_fee"],
        )
        return _("Counter-offer sent to %(name)s.") % {"name": self.counterpart.name}

    def _decline(self, values, form) -> str:
        decisions.decline(**self._common(values), reason_code=values["reason_code"])
        return _("Declined; %(name)s has been told why.") % {"name": self.counterpart.name}

    def refused(self, form, refusal):
        """Beside the chosen card's field; after GEN-08 the form carries the new version."""
        prefix = form.cleaned_data.get("decision", "")
        if refusal.field and f"{prefix}_{refusal.field}" in form.fields:
            refusal.field = f"{prefix}_{refusal.field}"
        if isinstance(refusal, StaleVersion):
            form.data["version"] = str(self.sharing_request.version)
            form.data.pop(KEY, None)
        return super().refused(form, refusal)


class AcceptCounter(RequestAction):
    """The borrower takes what the owner offers instead."""

    permission = Permission.ASK
    side = Side.BORROWER
    form_class = AcceptForm
    title = gettext_lazy("Accept the counter-offer")
    submit_label = gettext_lazy("Accept and book")

    def perform(self, form) -> str:
        requests.accept_counter(
            sharing_request=self.sharing_request, by=self.request.user, now=self.now
        )
        return self.succeeded(
            _("Booked as offered; %(name)s has been told.") % {"name": self.counterpart.name}
        )


class RefuseCounter(RequestAction):
    """The borrower refuses; the request ends."""

    permission = Permission.ASK
    side = Side.BORROWER
    form_class = MessageForm
    title = gettext_lazy("Refuse the counter-offer")
    submit_label = gettext_lazy("Refuse and end the request")

    def perform(self, form) -> str:
        requests.refuse_counter(
            sharing_request=self.sharing_request,
            by=self.request.user,
            now=self.now,
            text=form.cleaned_data["text"],
        )
        return self.succeeded(_("The counter-offer is refused; the request has ended."))
