"""Scan a pack: the lot that it belongs to, or the form of a new one, filled in."""

from urllib.parse import urlencode

from django.urls import reverse

from medshare_portal.roles import Permission
from medshare_portal.views.pages import Page
from resources.kinds import kinds
from resources.kinds.medicine.forms.scan import ScanForm
from resources.kinds.medicine.gs1 import NotGs1, read
from resources.kinds.medicine.queries.stock import lots_like, prefill
from resources.views.entry import ResourceCreate


class ScanPage(Page):
    """The field, and what the code says.  Only reads, so the code stands in the address."""

    permission = Permission.EDIT_RESOURCE
    of_kind = "medicine"
    template_name = "resources/medicine/scan.html"

    def get_context_data(self, **kwargs):
        form = ScanForm(self.request.GET if "scan" in self.request.GET else None)
        found = form.found if form.is_bound and form.is_valid() else None
        lots = lots_like(found, self.institution) if found else []
        register = reverse("resources:medicine-register", args=[self.institution.slug])
        if found:
            register += "?" + urlencode({"scan": form.cleaned_data["scan"]})
        self.status = 422 if form.is_bound and not found else 200
        return super().get_context_data(
            form=form, found=found, lots=lots, register_url=register, **kwargs
        )

    def render_to_response(self, context, **kwargs):
        return super().render_to_response(context, status=self.status, **kwargs)


class LotRegister(ResourceCreate):
    """A new lot; ``?scan=`` fills in what the code and an earlier lot of the item tell."""

    kind = kinds["medicine"]
    of_kind = "medicine"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"detail_initial": self._from_scan()}

    def _from_scan(self) -> dict:
        text = self.request.GET.get("scan", "")
        try:
            scan = read(text) if text else None
        except NotGs1:
            return {}
        return prefill(scan, lots_like(scan, self.institution)) if scan else {}
