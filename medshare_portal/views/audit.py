"""The audit log of my institution: read, filtered, taken away as CSV."""

import json

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_filters.views import BaseFilterView

from medshare_portal.access_log import note
from medshare_portal.filters.audit import AuditFilter
from medshare_portal.models import AuditChain, AuditEvent
from medshare_portal.roles import Permission
from medshare_portal.spreadsheets import download, neutral
from medshare_portal.tables.audit import AuditTable
from medshare_portal.views.pages import AtInstitution, ListPage

COLUMNS = ("sequence", "at", "actor_name", "action", "object_type", "object_id", "object_label")


class AuditLog(ListPage):
    permission = Permission.READ_AUDIT
    template_name = "portal/audit.html"
    table_class = AuditTable
    filterset_class = AuditFilter
    title = _("Audit log")

    def get_queryset(self):
        return AuditEvent.objects.owned_by(self.institution).order_by("-sequence", "pk")

    def get_table_kwargs(self):
        return {"institution": self.institution}

    def get_context_data(self, **kwargs):
        head = AuditChain.objects.filter(pk=self.institution.slug).first()
        return super().get_context_data(head=head, exports=[self._export()], **kwargs)

    def _export(self) -> dict:
        address = reverse("portal:audit-export", args=[self.institution.slug])
        return {"label": _("CSV"), "url": f"{address}?{self.request.GET.urlencode()}"}


class AuditExport(AtInstitution, BaseFilterView):
    """What the filters leave, row by row; malformed filters leave nothing (400)."""

    permission = Permission.READ_AUDIT
    filterset_class = AuditFilter

    def get_queryset(self):
        return AuditEvent.objects.owned_by(self.institution).order_by("sequence")

    def render_to_response(self, context, **kwargs):
        valid = not self.filterset.is_bound or self.filterset.is_valid()
        note("exported", self.request, self.request.user.get_username(), what="audit")
        rows = self.filterset.qs.iterator(chunk_size=1000) if valid else ()
        return download(_lines(rows), "audit", "csv", status=200 if valid else 400)


def _lines(events):
    """The head, then each event."""
    yield [*COLUMNS, "data", "hash"]
    for event in events:
        data = json.dumps(event.data, ensure_ascii=False)
        cells = [getattr(event, name) for name in COLUMNS]
        yield [neutral(cell) for cell in [*cells, data, event.hash]]
