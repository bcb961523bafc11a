"""The filtered catalogue as a file.  By POST, because the export is written to the audit trail."""

from django.core.exceptions import BadRequest
from django.http import FileResponse, StreamingHttpResponse

from medshare_portal.roles import Permission
from resources.actions.exports import record_export
from resources.exports import as_csv, as_xlsx, export_rows
from resources.queries.catalogue import by_freshness, with_offer_columns
from resources.queries.facets import here_of
from resources.views.resources import Catalogue

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ResourceExport(Catalogue):
    """CSV or XLSX of what the same address shows as a list."""

    permission = Permission.EXPORT
    http_method_names = ("post", "options")

    def post(self, request, *args, **kwargs):
        file_format = request.POST.get("format")
        filterset = self.get_filterset(self.filterset_class)
        if file_format not in ("csv", "xlsx") or (filterset.is_bound and not filterset.is_valid()):
            raise BadRequest
        record_export(
            institution=self.institution, kind=self.kind.code, file_format=file_format,
            filters=sorted((name, value) for name, value in request.GET.items() if value),
            by=request.user, now=self.now,
        )
        resources = with_offer_columns(filterset.qs, here_of(self.facets), self.now)
        rows = export_rows(resources.order_by(*by_freshness()), self.kind, self.institution)
        return self.file(rows, file_format)

    def file(self, rows, file_format: str):
        name = f"medshare-{self.kind.code}-{self.now:%Y%m%d}.{file_format}"
        if file_format == "xlsx":
            return FileResponse(as_xlsx(rows), as_attachment=True, filename=name, content_type=XLSX)
        response = StreamingHttpResponse(as_csv(rows), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
