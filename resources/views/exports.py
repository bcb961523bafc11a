"""Filtered lists as files.  By POST, because the export is written to the audit trail."""

from django.core.exceptions import BadRequest
from django.urls import reverse

from medshare_portal.rates import TooOften
from medshare_portal.roles import Permission
from medshare_portal.spreadsheets import FORMATS, download
from medshare_portal.views.too_often import too_often
from resources.actions.exports import MOST, record_export
from resources.exports import export_rows
from resources.queries.catalogue import with_offer_columns
from resources.queries.narrowing import by_freshness
from resources.views.resources import Catalogue


class Export:
    """Mixin of a list page: what the same address shows, as CSV or XLSX.

    Subclasses give ``export_name`` (what is taken along), ``list_page`` (the list's url name) and
    ``export_rows(found)``: the head, then a list of neutral cells per row of the filtered query.
    """

    permission = Permission.EXPORT
    http_method_names = ("post", "options")

    def post(self, request, *args, **kwargs):
        file_format = request.POST.get("format")
        filterset = self.get_filterset(self.filterset_class)
        if file_format not in FORMATS or (filterset.is_bound and not filterset.is_valid()):
            raise BadRequest
        try:
            record_export(
                institution=self.institution,
                kind=self.export_name,
                file_format=file_format,
                filters=sorted((name, value) for name, value in request.GET.items() if value),
                by=request.user,
                now=self.now,
            )
        except TooOften as refusal:
            return too_often(request, refusal, most=MOST, back=self._list_address())
        name = f"medshare-{self.export_name}-{self.now:%Y%m%d}"
        return download(self.export_rows(filterset.qs), name, file_format)

    def _list_address(self) -> str:
        """Of the list and its export buttons, as it is filtered."""
        address, query = reverse(self.list_page, args=[self.institution.slug]), self.request.GET
        return f"{address}?{query.urlencode()}" if query else address


class ResourceExport(Export, Catalogue):
    """The catalogue of a kind."""

    list_page = "resources:resource-list"

    @property
    def export_name(self) -> str:
        return self.kind.code

    def export_rows(self, found):
        resources = with_offer_columns(found, self.now)
        return export_rows(resources.order_by(*by_freshness()), self.kind, self.institution)
