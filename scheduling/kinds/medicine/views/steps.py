"""The steps of a transfer: decide, sign, dispatch, receive, close."""

from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.middleware.institution import NotAllowed
from medshare_portal.refusals import StaleVersion
from medshare_portal.roles import Permission
from scheduling.actions.decisions import decline
from scheduling.actions.sign_offs import NotAsked, part_of
from scheduling.kinds.medicine.actions import deciding, moving
from scheduling.kinds.medicine.forms import transfer as forms
from scheduling.kinds.medicine.queries.detail import ledger_lines, lines_of
from scheduling.kinds.medicine.queries.facts import lot_of, transfer_of, wish_of
from scheduling.kinds.medicine.rules.transfers import findings_of
from scheduling.kinds.medicine.views.reasons import ReasonBesideItsField
from scheduling.states import Side, State
from scheduling.verdicts import finding_rows
from scheduling.views.request_page import RequestAction
from scheduling.views.resent import KeptStep

KIND = "medicine"


class TransferStep(RequestAction):
    """A step of a request for medicine; others' requests are not found here."""

    template_name = "scheduling/medicine/step.html"

    @cached_property
    def lot(self):
        return lot_of(self.sharing_request.resource)

    @cached_property
    def transfer(self):
        return transfer_of(self.sharing_request)

    def dispatch(self, request, *args, **kwargs):
        if self.sharing_request.kind != KIND:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(
            lot=self.lot,
            lines=lines_of(self.sharing_request, self.lot, self.transfer),
            **kwargs,
        )
        found = getattr(context["form"], "findings", None) or self.findings()
        return context | {"findings": finding_rows(found)}

    def findings(self) -> list:
        """What the rules say before anything is filled in."""
        return []


class Decide(ReasonBesideItsField, TransferStep):
    permission = Permission.DECIDE
    side = Side.OWNER
    form_class = forms.DecideForm
    title = gettext_lazy("Decide on the transfer")
    submit_label = gettext_lazy("Send the decision")

    def get_initial(self):
        request = self.sharing_request
        return {"quantity": int(request.quantity), "version": request.version}

    def findings(self) -> list:
        if self.sharing_request.state != State.REQUESTED:
            return []
        return findings_of(wish_of(self.sharing_request, self.now, for_sender=True))

    def perform(self, form) -> str:
        values = form.cleaned_data
        if values["version"] is None:
            raise StaleVersion
        common = {
            "sharing_request": self.sharing_request,
            "version": values["version"],
            "text": values["text"],
            "by": self.request.user,
            "now": self.now,
        }
        if values["decision"] == forms.DECLINE:
            decline(reason_code=values["reason_code"], **common)
            return self.succeeded(_("Declined."))
        deciding.approve(quantity=values["quantity"], accepted=forms.accepted_of(form), **common)
        return self.succeeded(_("Approved; the packs are reserved."))


class Sign(TransferStep):
    """A director's acknowledgement, or the second signature of a side."""

    permission = Permission.VIEW  # and what the part needs, see ``dispatch``
    form_class = forms.SignForm
    submit_label = gettext_lazy("Sign")

    @cached_property
    def part(self):
        try:
            return part_of(KIND, self.kwargs["part"])
        except NotAsked as error:
            raise Http404 from error

    @property
    def title(self):
        return self.part.label

    def dispatch(self, request, *args, **kwargs):
        if self.own_side != self.part.side:
            raise Http404
        if not self.may(self.part.permission):
            raise NotAllowed(self.part.permission, self.institution, KIND)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        left = self.transfer.days_left_at_arrival
        explain = ""
        if self.part.code == "director":
            explain = _(
                "The lot will have %(left)s days left when it arrives. With your signature you "
                "take it over all the same."
            ) % {"left": left}
        return super().get_context_data(explain=explain, **kwargs)

    def perform(self, form) -> str:
        deciding.sign(
            sharing_request=self.sharing_request,
            part=self.part.code,
            by=self.request.user,
            now=self.now,
            text=form.cleaned_data["text"],
        )
        return self.succeeded(_("Signed."))


class Dispatch(KeptStep, TransferStep):
    step = "hand_over"
    permission = Permission.HAND_OVER
    side = Side.OWNER
    form_class = forms.DispatchForm
    title = gettext_lazy("Dispatch")
    submit_label = gettext_lazy("Dispatch the packs")

    def perform(self, form) -> str:
        moving.dispatch(
            sharing_request=self.sharing_request,
            package=form.package,
            recalls_checked=form.cleaned_data["recalls_checked"],
            by=self.request.user,
            now=self.now,
        )
        return self.succeeded(_("Dispatched. Print the transfer note and send it along."))


class Receive(KeptStep, TransferStep):
    step = "return"
    permission = Permission.HAND_OVER
    side = Side.BORROWER
    form_class = forms.ReceiveForm
    title = gettext_lazy("Receive")
    submit_label = gettext_lazy("Take in what is accepted")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"cold_chain": self.lot.needs_cold_chain}

    def get_initial(self):
        return {"accepted": self.transfer.shipped, "excursion_minutes": 0}

    def perform(self, form) -> str:
        moving.receive(
            sharing_request=self.sharing_request,
            arrival=form.arrival,
            by=self.request.user,
            now=self.now,
        )
        if form.arrival.accepted:
            return self.succeeded(_("Received; what was accepted is in your stock."))
        return self.succeeded(_("Received; nothing of it is in your stock."))


class Close(TransferStep):
    permission = Permission.POST_CHECK
    side = Side.OWNER
    form_class = forms.SignForm
    title = gettext_lazy("Close the transfer")
    submit_label = gettext_lazy("The ledgers balance: close it")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            ledger=ledger_lines(self.sharing_request, self.institution), **kwargs
        )

    def perform(self, form) -> str:
        moving.close(sharing_request=self.sharing_request, by=self.request.user, now=self.now)
        return self.succeeded(_("Closed."))
