"""The transfer note that travels with the packs: a record in full, with a code to scan."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from medshare_portal.roles import Permission
from medshare_portal.views.pages import Page
from scheduling.kinds.medicine.queries.detail import counted, lines_of
from scheduling.kinds.medicine.queries.facts import lot_of, transfer_of
from scheduling.models import SharingRequest
from scheduling.queries.inbox import related
from scheduling.queries.sign_offs import signatures
from scheduling.states import State
from scheduling.views.labels import note_code

LINE = "_" * 24


def _to_fill_in(lot) -> list[tuple[str, str]]:
    """What the receiver writes on the paper; the same as the page of the receipt asks."""
    asked = [_("Packs accepted"), _("Packs rejected"), _("Packs lost"), _("Reason")]
    if lot.needs_cold_chain:
        asked.append(_("Temperature"))
    return [(what, LINE) for what in [*asked, _("Signature and time")]]


class Note(Page):
    """Printable by both sides once it is approved; the code leads each side to its next step."""

    permission = Permission.VIEW
    template_name = "scheduling/medicine/note.html"

    @property
    def of_kind(self) -> str:
        return self.sharing_request.kind

    @cached_property
    def sharing_request(self) -> SharingRequest:
        rows = related(SharingRequest.objects.concerning(self.institution))
        found = get_object_or_404(rows.select_related("decided_by"), pk=self.kwargs["pk"])
        if found.kind != "medicine" or found.state not in State.BOOKED:
            raise Http404
        return found

    def get_context_data(self, **kwargs):
        request = self.sharing_request
        lot, transfer = lot_of(request.resource), transfer_of(request)
        return super().get_context_data(
            sharing_request=request,
            lot=lot,
            transfer=transfer,
            lines=lines_of(request, lot, transfer),
            counted=counted(transfer),
            to_fill_in=_to_fill_in(lot),
            signatures=signatures(request, None),
            code=note_code(request),
            **kwargs,
        )
