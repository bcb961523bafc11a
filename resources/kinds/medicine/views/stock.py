"""A lot's ledger, and what is booked or decided by hand."""

from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.roles import Permission
from medshare_portal.views.pages import Page
from resources.enums_medicine import QuarantineState
from resources.kinds.medicine.actions.ledger import record
from resources.kinds.medicine.actions.states import set_state
from resources.kinds.medicine.forms.stock import LotStateForm, MovementForm
from resources.kinds.medicine.queries.stock import ledger_of
from resources.kinds.medicine.views.of_lot import LotAction, OfLot
from resources.kinds.medicine.words import presentation

LEVELS = {
    QuarantineState.RELEASED: "ok",
    QuarantineState.QUARANTINE: "waiting",
    QuarantineState.RECALLED: "bad",
    QuarantineState.REJECTED: "bad",
}


class LotStock(OfLot, Page):
    """What is on hand, reserved, on the way; and every line that made it so."""

    permission = Permission.VIEW
    template_name = "resources/medicine/stock.html"

    def get_context_data(self, **kwargs):
        page = Paginator(ledger_of(self.lot), 50).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            page=page,
            presentation=presentation(self.lot),
            level=LEVELS[QuarantineState(self.lot.quarantine_state)],
            may_edit=self.may(Permission.EDIT_RESOURCE),
            may_publish=self.may(Permission.PUBLISH_OFFER),
            **kwargs,
        )


class LotMove(LotAction):
    """One line for the ledger."""

    permission = Permission.EDIT_RESOURCE
    form_class = MovementForm
    title = gettext_lazy("Book stock")
    submit_label = gettext_lazy("Book it")

    def perform(self, form) -> str:
        record(lot=self.lot, line=form.line, by=self.request.user, now=self.now)
        return self.done(_("Booked in the ledger."))


class LotState(LotAction):
    """Release it, hold it back, reject it."""

    permission = Permission.EDIT_RESOURCE
    form_class = LotStateForm
    title = gettext_lazy("Release or hold the lot")
    submit_label = gettext_lazy("Set the state")

    def get_initial(self):
        return {
            "quarantine_state": self.lot.quarantine_state,
            "pack_state": self.lot.pack_state,
        }

    def perform(self, form) -> str:
        set_state(lot=self.lot, by=self.request.user, now=self.now, **form.cleaned_data)
        return self.done(_("The state is set."))
