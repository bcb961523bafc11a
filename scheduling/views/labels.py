"""The code on a device: where scanning it leads, and the label to print."""

from urllib.parse import quote

import segno
from django.conf import settings
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import mark_safe
from django.views import View

from medshare_portal.roles import Permission
from medshare_portal.views.pages import Page
from resources.models import Resource
from scheduling.models import Handover, SharingRequest
from scheduling.states import Side, State

# (state, side, whether the other side has given already) → the page that is due.
DUE = {
    (State.UNDERWAY, Side.BORROWER, False): "return",
    (State.UNDERWAY, Side.OWNER, True): "receipt",
    (State.FINISHED, Side.OWNER, False): "post-check",
    (State.APPROVED, Side.OWNER, False): "handover",
    (State.APPROVED, Side.BORROWER, True): "receipt",
}
ORDER = [State.UNDERWAY, State.FINISHED, State.APPROVED]


class Scanned(View):
    """``/e/<public_id>/``: the step that is due for one of my institutions, else the resource."""

    def get(self, request, public_id):
        institutions = [row.institution for row in request.memberships if row.institution]
        for institution in institutions:
            step = self._step(institution, public_id)
            if step is not None:
                return HttpResponseRedirect(step)
        for institution in institutions:
            resource = Resource.objects.visible_to(institution).filter(public_id=public_id).first()
            if resource is not None:
                return HttpResponseRedirect(
                    reverse("resources:resource-detail", args=[institution.slug, resource.pk])
                )
        raise Http404

    def _step(self, institution, public_id) -> str | None:
        rows = list(
            SharingRequest.objects.concerning(institution)
            .filter(resource__public_id=public_id, state__in=ORDER)
            .select_related("resource")
            .order_by("starts_at", "pk")[:20]
        )
        rows.sort(key=lambda row: ORDER.index(row.state))
        for row in rows:
            given = Handover.objects.of(row).filter(received_at__isnull=True).exists()
            page = DUE.get((row.state, row.side_of(institution), given))
            if page:
                address = reverse(f"scheduling:{page}", args=[institution.slug, row.pk])
                return f"{address}?scanned=1"
        return None


class Label(Page):
    """The QR label of one of our devices, to print and stick on."""

    permission = Permission.VIEW
    template_name = "scheduling/handover/label.html"

    @cached_property
    def resource(self) -> Resource:
        rows = Resource.objects.owned_by(self.institution).select_related("site", "category")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        path = reverse("device-label", args=[self.resource.public_id])
        address = f"{settings.PORTAL_URL}{quote(path)}"
        code = segno.make(address, error="m")
        drawing = code.svg_inline(scale=6, border=4, dark="#000", light="#fff")
        return super().get_context_data(
            resource=self.resource,
            address=address,
            code=mark_safe(drawing),  # noqa: S308 – drawn by segno from our own address
            **kwargs,
        )
