"""Import stock or daily use: a dry run that names every error, then all rows or none."""

import csv

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.forms.import_file import ImportForm
from medshare_portal.refusals import Refusal
from medshare_portal.registry_import import waiting_files
from medshare_portal.registry_import.rows import ImportTable, Reference
from medshare_portal.registry_import.running import counts, examine, store
from medshare_portal.roles import Permission
from medshare_portal.views.pages import ActionPage, Page
from resources.kinds.medicine.importing import TABLES

SHOWN = 100


class OfTable:
    """The table in the address: ``stock`` or ``use``, of the institution in the address."""

    permission = Permission.EDIT_RESOURCE
    of_kind = "medicine"

    @cached_property
    def table(self) -> ImportTable:
        make = TABLES.get(self.kwargs["what"])
        if make is None:
            raise Http404
        return make(self.institution, by=self.request.user, now=self.now)

    def address(self, name: str) -> str:
        return reverse(name, args=[self.institution.slug, self.kwargs["what"]])


class ConfirmForm(forms.Form):
    """The token of the file that was looked at."""

    token = forms.CharField(widget=forms.HiddenInput, max_length=500)


class MedicineImport(OfTable, ActionPage):
    """Choose a file; the answer says what would happen.  Nothing is stored here."""

    form_class = ImportForm
    template_name = "resources/medicine/import.html"
    submit_label = gettext_lazy("Check the file")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            table=self.table,
            columns=[_column(name, field) for name, field in self.table.columns.items()],
            template_url=self.address("resources:medicine-import-template"),
            confirm_url=self.address("resources:medicine-import-confirm"),
            board_url=reverse("resources:medicine-at-risk", args=[self.institution.slug]),
            **kwargs,
        )

    def form_valid(self, form):
        """The dry run: shows, keeps nothing but the file for an hour, so it needs no key."""
        content = form.cleaned_data["file"].read()
        try:
            outcome = examine(table=self.table, content=content)
        except Refusal as refusal:
            form.add_error("file", refusal.message)
            return self.form_invalid(form, status=refusal.status)
        token = ""
        if outcome.writes and not outcome.errors:
            token = waiting_files.keep(content, self.request.user, self.table)
        context = self.get_context_data(
            form=form,
            outcome=outcome,
            counts=counts(outcome),
            updated=[(line, _name(row), row.changes) for line, row in outcome.updated[:SHOWN]],
            new=[(line, _name(row)) for line, row in outcome.new[:SHOWN]],
            token=token,
        )
        return self.render_to_response(context, status=422 if outcome.errors else 200)


def _name(row) -> str:
    """What a person calls the row: its own number, or the item."""
    cells = row.cells
    return cells.get("code") or cells.get("generic_name_zh") or cells.get("generic_name_en", "")


def _column(name: str, field) -> dict:
    return {
        "name": name,
        "label": field.label or name,
        "needed": field.required,
        "choices": _allowed(field),
    }


def _allowed(field) -> list[str]:
    """What may stand in a column; empty where it is free."""
    if isinstance(field, Reference):
        return sorted(field.load())
    return [value for value, _label in getattr(field, "choices", ()) if value]


class MedicineImportConfirm(OfTable, ActionPage):
    """Store what was shown, every row or none."""

    form_class = ConfirmForm
    template_name = "resources/medicine/import_refused.html"
    submit_label = gettext_lazy("Import these rows")

    def get_context_data(self, **kwargs):
        back_url = self.address("resources:medicine-import")
        return super().get_context_data(table=self.table, back_url=back_url, **kwargs)

    def perform(self, form) -> str:
        token = form.cleaned_data["token"]
        content = waiting_files.take(token, self.request.user, self.table)
        outcome = store(table=self.table, content=content, by=self.request.user, now=self.now)
        words = _("%(new)s new, %(updated)s updated, %(unchanged)s unchanged.")
        done = {"new": 0, "updated": 0, "unchanged": 0} | dict(counts(outcome))
        messages.success(self.request, words % done)
        return reverse("resources:medicine-at-risk", args=[self.institution.slug])


class MedicineImportTemplate(OfTable, Page):
    """An empty CSV with the header line, which spreadsheets open as UTF-8."""

    def get(self, request, *args, **kwargs):
        response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{self.table.name}.csv"'
        csv.writer(response).writerow(self.table.columns)
        return response
