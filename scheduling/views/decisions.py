"""Decide a request, and answer a counter-offer."""

from django.contrib import messages
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.local_times import describe_hours
from medshare_portal.refusals import StaleVersion
from medshare_portal.roles import Permission
from medshare_portal.submissions import FIELD as KEY
from scheduling.actions import decisions, requests
from scheduling.forms.changes import AnswerExtensionForm
from scheduling.forms.decisions import DECLINE, AcceptForm, DecisionForm, MessageForm
from scheduling.queries import inbox
from scheduling.queries.opened import Opened, advice, opened, part_of, suggested
from scheduling.queries.task import ANSWER_EXTENSION, DECIDE, Task
from scheduling.queries.tried import Tried, try_times
from scheduling.states import Side, State
from scheduling.views.decision_words import times_words
from scheduling.views.request_page import RequestAction

PREVIEW = "outcome-"  # the id of the part of the page that follows the typed times


def decision_context(found: Opened, institution, form=None) -> dict:
    """Context of the open panel: an opened task and the form that answers it."""
    task = found.task
    if form is None and task.step == DECIDE:
        form = decision_form(task, institution)
    elif form is None and task.step == ANSWER_EXTENSION:
        form = AnswerExtensionForm(initial={"agree": "no" if task.findings.blocks else "yes"})
    return {
        "found": found,
        "task": task,
        "form": form,
        "cards": _cards(found, form) if task.step == DECIDE else {},
        "hours": describe_hours(task.length),
        "part_hours": describe_hours(found.part[1] - found.part[0]) if found.part else "",
        "advice": advice(found),
        "reasons": form.reason_fields() if task.step == DECIDE else {},
    }


def decision_form(task: Task, institution, data=None) -> DecisionForm:
    """With the suggestion filled in."""
    request, part = task.request, part_of(task)
    starts_at, ends_at = part or (request.starts_at, request.ends_at)
    initial = {
        "decision": suggested(task, part),
        "version": request.version,
        "part_starts_at": starts_at,
        "part_ends_at": ends_at,
        "part_units": _units_to_give(task),
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
        findings=task.findings,
        institution=institution,
    )


def _units_to_give(task: Task) -> int:
    context = task.context
    free = context.units_free if context else task.request.units
    return max(1, min(task.request.units, free))


def _cards(found: Opened, form: DecisionForm) -> dict:
    """Which card is chosen, which cannot be, and what is said of the times in two of them."""
    chosen = form["decision"].value() or suggested(found.task, found.part)
    part, offered = times_words(found)
    return {
        "chosen": chosen,
        "blocked": bool(found.task.findings.blocks),
        "part_words": part,
        "counter_words": offered,
    }


def tried_times(form: DecisionForm, task: Task, *, now) -> Tried | None:
    """The times in the chosen card of a sent form; None where there are none or they are wrong."""
    if not form.is_bound or task.context is None:
        return None
    form.is_valid()  # cleans once: what a refusal added beside the fields stays
    values = form.cleaned_data
    decision = values.get("decision", "")
    times = [values.get(f"{decision}_{end}") for end in ("starts_at", "ends_at")]
    if not all(times) or times[0] >= times[1]:
        return None
    return try_times(
        task,
        decision=decision,
        starts_at=times[0],
        ends_at=times[1],
        units=values.get(f"{decision}_units"),
        unit=values.get(f"{decision}_resource"),
        now=now,
    )


class Decide(RequestAction):
    """One page, four decisions; the inbox posts here too.

    ``decision`` is what the address says (…/approve/), for a form that does not name one.
    """

    of_times = True
    permission = Permission.DECIDE
    side = Side.OWNER
    template_name = "scheduling/inbox/decide.html"
    title = gettext_lazy("Decide")
    decision = ""

    @cached_property
    def task(self) -> Task:
        return inbox.task_of(self.sharing_request, self.institution, now=self.now)

    def get_form(self, form_class=None):
        form = decision_form(self.task, self.institution, self._sent())
        if self.decision:
            form.initial["decision"] = self.decision
        return form

    def _sent(self):
        if self.previews:
            return self.request.GET
        if self.request.method != "POST":
            return None
        data = self.request.POST.copy()
        if self.decision and "decision" not in data:
            data["decision"] = self.decision
        return data

    @property
    def previews(self) -> bool:
        """htmx asks for what follows the typed times, and nothing else."""
        target = (self.request.htmx.target or "") if self.request.htmx else ""
        return self.request.method == "GET" and target.startswith(PREVIEW)

    def get_template_names(self):
        return ["scheduling/inbox/preview.html"] if self.previews else [self.template_name]

    def post(self, request, *args, **kwargs):
        """“Check these times” shows the page with the times as typed; nothing is decided."""
        if request.POST.get("do") != "check":
            return super().post(request, *args, **kwargs)
        form = self.get_form()
        status = 200 if form.is_valid() else 422
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        form = context["form"]
        found = opened(
            self.task,
            self.institution,
            now=self.now,
            tried=tried_times(form, self.task, now=self.now),
            declined=form["decision"].value() == DECLINE,
        )
        waits = self.sharing_request.state == State.REQUESTED
        return context | decision_context(found, self.institution, form) | {"waits": waits}

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

    of_times = True
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
