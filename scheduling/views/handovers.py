"""Handover, return and check, on a phone; the other side's receipt; the photos."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views import View

from medshare_portal.findings import Severity
from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission
from medshare_portal.views.pages import AtInstitution
from scheduling.actions import handovers
from scheduling.actions.handovers import STAGES
from scheduling.due_steps import what_was_scanned
from scheduling.forms.handovers import ReceiptForm
from scheduling.kinds import WorkflowKind, kinds
from scheduling.models import Handover, HandoverPhoto, TransitionLog
from scheduling.queries.handover_facts import checklist, expected_accessories
from scheduling.states import Side, Stage, State
from scheduling.verdicts import finding_rows
from scheduling.views.request_page import RequestAction
from scheduling.views.resent import Resent

STEPS = (
    (gettext_lazy("Approved"), None),
    (gettext_lazy("Handed over"), (State.APPROVED, False)),
    (gettext_lazy("Received"), (State.APPROVED, True)),
    (gettext_lazy("Given back"), (State.UNDERWAY, False)),
    (pgettext_lazy("stage", "Taken back"), (State.UNDERWAY, True)),
    (gettext_lazy("Checked"), (State.FINISHED, False)),
)


PLACE_OF = {
    Stage.HANDOVER: (State.APPROVED, False),
    Stage.RETURN: (State.UNDERWAY, False),
    Stage.POST_CHECK: (State.FINISHED, False),
}


class FromCode:
    """Mixin: whether a code led here."""

    @property
    def scanned(self) -> str:
        """What led here: the label on the device, the note, or neither."""
        return what_was_scanned(self.request.GET.get("scanned", ""), self.sharing_request)


class StagePage(FromCode, Resent, RequestAction):
    """Base: one stage of one request."""

    of_times = True
    permission = Permission.HAND_OVER
    template_name = "scheduling/handover/stage.html"
    stage = Stage.HANDOVER
    hint = ""

    @cached_property
    def given(self) -> Handover | None:
        """What the giving side recorded, when the receipt is missing."""
        return (
            Handover.objects.of(self.sharing_request)
            .filter(received_at__isnull=True)
            .select_related("given_by")
            .order_by("-given_at")
            .first()
        )

    @property
    def workflow(self) -> WorkflowKind:
        return kinds[self.sharing_request.kind]

    def get_form_class(self):
        return import_string(self.workflow.handover_form)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {
            "stage": self.stage,
            "items": checklist(self.sharing_request.kind, self.stage),
            "sharing_request": self.sharing_request,
        }

    def refused(self, form, refusal):
        form.ask_reasons(refusal.findings)
        return super().refused(form, refusal)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        form = context["form"]
        return context | {
            "stage": self.stage,
            "own_fields": self.workflow.handover_template,
            "steps": _steps(self.sharing_request, self.given),
            "findings": finding_rows(getattr(form, "findings", [])),
            "held_back": self._held_back(),
            "due_at": self.due_at,
            "left": abs(self.due_at - self.now) if self.due_at else None,
            "late": bool(self.due_at and self.due_at < self.now),
            "hint": self.hint,
            "scanned": self.scanned,
            "recorded": self.recorded,
        }

    def _held_back(self) -> dict | None:
        """A finding that says it before anything is ticked: its basket is not complete."""
        basket = self.sharing_request.basket
        if self.stage != Stage.HANDOVER or basket is None or not basket.holds_back:
            return None
        words = _("All or nothing: until every item of basket %(reference)s is approved.")
        return {
            "severity": Severity.BLOCK,
            "title": _("Nothing may be handed over yet"),
            "message": words % {"reference": basket.reference},
        }

    @property
    def recorded(self) -> bool:
        """Whether this stage is behind us, as for whoever comes back to the page."""
        return (self.sharing_request.state, self.given is not None) != PLACE_OF[self.stage]

    @property
    def due_at(self):
        request = self.sharing_request
        return {
            Stage.HANDOVER: request.starts_at,
            Stage.RETURN: request.ends_at,
            Stage.POST_CHECK: request.due_at,
        }[self.stage]

    def perform(self, form) -> str:
        handovers.give(
            sharing_request=self.sharing_request,
            stage=self.stage,
            record=form.record(),
            by=self.request.user,
            institution=self.institution,
            now=self.now,
        )
        if form.cleaned_data.get("receiver_name"):
            return self.succeeded(_("Recorded and signed for."))
        return self.succeeded(
            _("Recorded. %(name)s has been asked to confirm receipt.")
            % {"name": self.counterpart.name}
        )


def _steps(sharing_request, given) -> list[dict]:
    """How far this end of the loan has come, the receipts included."""
    here = (sharing_request.state, given is not None)
    shown = STEPS[:4] if sharing_request.state == State.APPROVED else STEPS[2:]
    places = [place for _label, place in shown]
    at = places.index(here) if here in places else len(shown)
    return [
        {"label": label, "state": "done" if n < at else "current" if n == at else "next"}
        for n, (label, _place) in enumerate(shown)
    ]


class HandOver(StagePage):
    side = Side.OWNER
    stage = Stage.HANDOVER
    title = gettext_lazy("Hand over the device")
    submit_label = gettext_lazy("Confirm handover")


class GiveBack(StagePage):
    side = Side.BORROWER
    stage = Stage.RETURN
    title = gettext_lazy("Return the device")
    submit_label = gettext_lazy("Confirm return")


class PostCheck(StagePage):
    permission = Permission.POST_CHECK
    side = Side.OWNER
    stage = Stage.POST_CHECK
    title = gettext_lazy("Check after return")
    submit_label = gettext_lazy("Close the loan")

    def get_context_data(self, **kwargs):
        faults = list(TransitionLog.objects.of(self.sharing_request).faults().order_by("at", "pk"))
        return super().get_context_data(faults=faults, **kwargs)

    def perform(self, form) -> str:
        handovers.close(
            sharing_request=self.sharing_request,
            record=form.record(),
            by=self.request.user,
            now=self.now,
        )
        return self.succeeded(_("Checked and closed; the device is free again."))


class NothingToReceive(Refusal):
    message = gettext_lazy("This receipt was confirmed already, or is not due yet.")


class Receipt(FromCode, Resent, RequestAction):
    """The side that takes it confirms that it has it."""

    of_times = True
    permission = Permission.HAND_OVER
    template_name = "scheduling/handover/receipt.html"
    form_class = ReceiptForm
    title = gettext_lazy("Confirm receipt")
    submit_label = gettext_lazy("We have it")

    @cached_property
    def given(self) -> Handover | None:
        return (
            Handover.objects.of(self.sharing_request)
            .filter(received_at__isnull=True)
            .select_related("given_by")
            .order_by("-given_at")
            .first()
        )

    @property
    def stage(self) -> Stage:
        underway = self.sharing_request.state == State.UNDERWAY
        return Stage.RETURN if underway else Stage.HANDOVER

    @property
    def recorded(self) -> bool:
        """Whether there is nothing to sign for: it is done, or the other side has to begin."""
        giver = STAGES[self.stage][1]
        return self.given is None or self.own_side == giver

    def get_context_data(self, **kwargs):
        items = checklist(self.sharing_request.kind, self.stage)
        accessories = expected_accessories(self.sharing_request)
        given = self.given
        return super().get_context_data(
            given=given,
            recorded=self.recorded,
            scanned=self.scanned,
            findings=finding_rows(getattr(kwargs.get("form"), "findings", [])),
            stage=self.stage,
            steps=_steps(self.sharing_request, given),
            items=[(label, bool(given.checklist.get(code))) for code, label in items]
            if given
            else [],
            accessories=[
                (row.name, int(given.accessories.get(str(row.pk), 0)), row.count)
                for row in accessories
            ]
            if given
            else [],
            photos=list(
                HandoverPhoto.objects.of(self.sharing_request).filter(handover=given).order_by("pk")
            )
            if given
            else [],
            **kwargs,
        )

    def perform(self, form) -> str:
        if self.recorded:
            raise NothingToReceive
        handovers.receive(
            sharing_request=self.sharing_request,
            stage=self.stage,
            by=self.request.user,
            institution=self.institution,
            now=self.now,
            problem=form.cleaned_data["problem"],
            note=form.cleaned_data["note"],
        )
        return self.succeeded(_("Receipt confirmed; both sides have the record."))


class Photo(AtInstitution, View):
    """A photo of the condition, for both sides of the request only."""

    permission = Permission.VIEW

    def get(self, request, pk, photo):
        rows = HandoverPhoto.objects.concerning(self.institution)
        found = get_object_or_404(rows, pk=photo, sharing_request__pk=pk)
        try:
            file = found.file.open("rb")
        except FileNotFoundError as error:
            raise Http404 from error
        response = FileResponse(file, content_type=found.content_type)
        response["Content-Disposition"] = "inline"
        response["X-Content-Type-Options"] = "nosniff"
        return response
