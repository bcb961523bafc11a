"""What is owed as a file: CSV or XLSX, by POST, because it is written to the audit trail."""

from django.core.exceptions import BadRequest

from medshare_portal.rates import TooOften
from medshare_portal.spreadsheets import FORMATS, download, neutral
from medshare_portal.views.too_often import too_often
from resources.actions.exports import MOST


class MoneyFile:
    """Mixin of a page that answers with a file: say its ``name``, its ``lines`` (the head first),
    how it is ``recorded`` and the page to go ``back`` to."""

    http_method_names = ("post", "options")

    def post(self, request, *args, **kwargs):
        self.check()
        file_format = request.POST.get("format")
        if file_format not in FORMATS:
            raise BadRequest
        try:
            self.record(file_format)
        except TooOften as refusal:
            return too_often(self.request, refusal, most=MOST, back=self.back)
        rows = [[neutral(cell) for cell in row] for row in self.lines()]  # while we are asked
        return download(rows, self.name, file_format)

    def check(self) -> None:
        """Raises what says that there is no such file."""

    def record(self, file_format: str) -> None:
        """Raises rates.TooOften."""
        raise NotImplementedError

    def lines(self):
        raise NotImplementedError
