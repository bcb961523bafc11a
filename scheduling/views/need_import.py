"""Needs from a file: every row or none, each error by line and column."""

import csv

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy, ngettext

from medshare_portal import policy
from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission
from medshare_portal.views.pages import ActionPage, Page
from resources.kinds import kinds as catalogue_kinds
from scheduling.actions import needs
from scheduling.forms.needs import COLUMNS, NEEDED, NeedFileForm, NeedRow
from scheduling.states import Priority
from scheduling.views.needs import InOurClock

ERRORS_SHOWN = 100


class RowsWrong(Refusal):
    message = gettext_lazy(
        "Nothing was posted. Correct what is named below, then choose the file again."
    )
    field = "file"
    status = 422


class NeedImport(InOurClock, ActionPage):
    permission = Permission.ASK
    form_class = NeedFileForm
    template_name = "scheduling/needs/import.html"
    title = gettext_lazy("Post needs from a file")
    submit_label = gettext_lazy("Post these needs")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"most_rows": policy.current().needs.most_rows}

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            columns=[self._column(name) for name in COLUMNS],
            problems=self.problems[:ERRORS_SHOWN],
            template_url=reverse("scheduling:need-import-template", args=[self.institution.slug]),
            cancel_url=self.list_url,
            **kwargs,
        )

    def _column(self, name: str) -> dict:
        allowed = {
            "kind": [kind.code for kind in catalogue_kinds],
            "priority": Priority.values,
            "site": [site.code for site in self.sites],
        }
        return {
            "name": name,
            "label": NeedRow.base_fields[name].label,
            "needed": name in NEEDED,
            "choices": allowed.get(name, []),
        }

    def perform(self, form) -> str:
        count = self._post(self._rows(form.sheet))
        words = ngettext("%(n)s need is posted.", "%(n)s needs are posted.", count)
        messages.success(self.request, words % {"n": count})
        return self.list_url

    @cached_property
    def problems(self) -> list[dict]:
        return []

    def _rows(self, sheet) -> list[tuple[int, dict]]:
        """(line, what is posted); raises RowsWrong with every error of every row."""
        found = []
        for line, texts in sheet.rows:
            row = NeedRow(
                dict(zip(sheet.columns, texts, strict=True)), sites=self.sites, zone=self.zone
            )
            if row.is_valid():
                found.append((line, row.posted()))
            else:
                self._name(line, row)
        if self.problems:
            raise RowsWrong
        return found

    def _name(self, line: int, row: NeedRow) -> None:
        for name, errors in row.errors.items():
            for text in errors:
                self.problems.append({"line": line, "column": name, "text": text})

    def _post(self, rows: list[tuple[int, dict]]) -> int:
        """Each by the one action, all in the form's transaction; the first that is refused is
        named by its line."""
        who = {"institution": self.institution, "by": self.request.user, "now": self.now}
        for line, row in rows:
            try:
                needs.post(**who, **row)
            except Refusal as refusal:
                column = refusal.field or "kind"
                self.problems.append({"line": line, "column": column, "text": refusal.message})
                raise RowsWrong from refusal
        return len(rows)


class NeedImportTemplate(Page):
    """An empty CSV with the header line, which spreadsheets open as UTF-8."""

    permission = Permission.ASK

    def get(self, request, *args, **kwargs):
        response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="needs.csv"'
        csv.writer(response).writerow(COLUMNS)
        return response
