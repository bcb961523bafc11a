"""What is printed: the label on a device, and the note that travels with a share."""

from urllib.parse import quote

import segno
from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from medshare_portal.roles import Permission
from medshare_portal.views.pages import Page
from resources.models import Resource
from scheduling.kinds import kinds, zone_of
from scheduling.models import SharingRequest
from scheduling.note_codes import code_of
from scheduling.queries.handover_facts import checklist, expected_accessories
from scheduling.queries.inbox import related
from scheduling.states import Stage, State


def drawn(path: str, scale: int = 4) -> SafeString:
    """The QR code of one of our addresses, as SVG."""
    code = segno.make(f"{settings.PORTAL_URL}{quote(path)}", error="m")
    drawing = code.svg_inline(scale=scale, border=4, dark="#000", light="#fff")
    return mark_safe(drawing)  # noqa: S308 – drawn by segno from our own address


def note_code(sharing_request: SharingRequest) -> dict:
    """What a note shows of its code: the drawing, the characters, where they are typed."""
    code = code_of(sharing_request.pk)
    return {
        "drawing": drawn(reverse("note-code", args=[code])),
        "characters": code,
        "typed_at": f"{settings.PORTAL_URL}{reverse('type-code')}",
    }


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
        return super().get_context_data(
            resource=self.resource,
            address=f"{settings.PORTAL_URL}{quote(path)}",
            code=drawn(path, scale=6),
            **kwargs,
        )


SIGNERS = {
    Stage.HANDOVER: (_("Given by"), _("Received by")),
    Stage.RETURN: (_("Given by"), _("Received by")),
    Stage.POST_CHECK: (_("Checked by"),),
}


class HandoverNote(Page):
    """To print: what goes where, its code, and the checks to fill in where nothing else works."""

    permission = Permission.VIEW
    template_name = "scheduling/handover/note.html"

    @property
    def of_kind(self) -> str:
        return self.sharing_request.kind

    @cached_property
    def sharing_request(self) -> SharingRequest:
        rows = related(SharingRequest.objects.concerning(self.institution))
        found = get_object_or_404(rows, pk=self.kwargs["pk"])
        if found.state not in State.BOOKED:
            raise Http404
        return found

    def get_context_data(self, **kwargs):
        request = self.sharing_request
        stages = [(stage, checklist(request.kind, stage)) for stage in Stage]
        return super().get_context_data(
            sharing_request=request,
            sides=kinds[request.kind].sides,
            zone=zone_of(request),
            code=note_code(request),
            stages=[(stage.label, items, SIGNERS[stage]) for stage, items in stages if items],
            accessories=expected_accessories(request),
            lines=kinds[request.kind].note_lines,
            **kwargs,
        )
