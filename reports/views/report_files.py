"""What a page of the reports shows, as CSV or XLSX: by POST, because it is written to the audit
trail, and sent as it is read."""

from django.core.exceptions import BadRequest

from medshare_portal.rates import TooOften
from medshare_portal.spreadsheets import FORMATS, download
from medshare_portal.views.too_often import too_often
from reports.actions.exporting import record_export
from resources.actions.exports import MOST


class ReportFile:
    """Mixin of a page: say ``what`` is taken along, ``lines()`` (neutral rows, the head first), the
    page to go ``back`` to, and whether what the address asks for ``holds()``."""

    http_method_names = ("post", "options")
    what = ""

    def post(self, request, *args, **kwargs):
        file_format = request.POST.get("format")
        if file_format not in FORMATS or not self.holds():
            raise BadRequest
        try:
            record_export(
                what=self.what,
                institution=self.institution,
                file_format=file_format,
                filters=sorted((name, value) for name, value in request.GET.items() if value),
                by=request.user,
                now=self.now,
            )
        except TooOften as refusal:
            return too_often(request, refusal, most=MOST, back=self.back)
        name = f"medshare-{self.what}-{self.now:%Y%m%d}"
        return download(self.lines(), name, file_format)

    def holds(self) -> bool:
        raise NotImplementedError

    def lines(self):
        raise NotImplementedError
