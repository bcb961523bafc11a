"""The borrower reports a fault while it has the device."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.roles import Permission
from scheduling.actions import faults
from scheduling.forms.changes import FaultForm
from scheduling.states import Side
from scheduling.views.request_page import RequestAction


class ReportFault(RequestAction):
    permission = Permission.HAND_OVER
    side = Side.BORROWER
    form_class = FaultForm
    title = gettext_lazy("Report a fault")
    submit_label = gettext_lazy("Report it and tell the owner")

    def get_context_data(self, **kwargs):
        explain = _(
            "Stop using the device and mark it. It counts as out of order from now on; "
            "the owner is told at once and checks it after its return."
        )
        return super().get_context_data(explain=explain, **kwargs)

    def perform(self, form) -> str:
        faults.report(
            sharing_request=self.sharing_request,
            by=self.request.user,
            now=self.now,
            **form.said(),
        )
        return self.succeeded(
            _("The fault is recorded; %(name)s has been told. Do not use the device any more.")
            % {"name": self.counterpart.name}
        )
