"""Needs from a file: first each row is shown with what is wrong, then every row or none."""

import csv

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from medshare_portal import policy
from medshare_portal.forms.moments import MomentField
from medshare_portal.refusals import Refusal
from medshare_portal.registry_import import waiting_files
from medshare_portal.roles import Permission
from medshare_portal.views.pages import ActionPage, Page
from scheduling.actions import needs
from scheduling.forms.find import DISTANCES
from scheduling.forms.need_files import (
    COLUMNS,
    NEEDED,
    ConfirmForm,
    FileRow,
    NeedFileForm,
    NeedRow,
    is_right,
    rows_of,
)
from scheduling.states import Priority
from scheduling.views.needs import PostsNeeds


class RowsWrong(Refusal):
    message = gettext_lazy("Something of it can no longer be posted. Check the file again.")
    status = 422


class OfNeedFile(PostsNeeds):
    """Mixin: reads a file in our clock; ``name`` binds a waiting file to the institution."""

    @property
    def name(self) -> str:
        return f"needs-{self.institution.pk}"

    @property
    def import_url(self) -> str:
        return reverse("scheduling:need-import", args=[self.institution.slug])

    @property
    def most_rows(self) -> int:
        return policy.current().needs.most_rows

    def read(self, content: bytes) -> list[FileRow]:
        return rows_of(content, most_rows=self.most_rows, **self.form_terms)

    def post_rows(self, rows: list[FileRow]) -> None:
        """Each by the one action; what it refuses is said of the row.  What an earlier line posts
        has no number yet that anybody could look for: the line is named."""
        lines: dict[str, int] = {}
        who = {"institution": self.institution, "by": self.request.user, "now": self.now}
        for row in rows:
            if row.posted is None:
                continue
            try:
                with transaction.atomic():
                    made = needs.post(**who, **row.posted)
                lines[made.reference] = row.line
            except needs.PostedAlready as refusal:
                line = lines.get(refusal.reference)
                same = _("This is the same as line %(line)s of the file.") % {"line": line}
                row.say(refusal.field, same if line else refusal.message)
            except Refusal as refusal:
                row.say(refusal.field, refusal.message)


class NeedImport(OfNeedFile, ActionPage):
    """Choose a file; the answer says what would be posted.  Nothing is kept but the file, for an
    hour."""

    form_class = NeedFileForm
    template_name = "scheduling/needs/import.html"
    title = gettext_lazy("Post needs from a file")
    submit_label = gettext_lazy("Check the file")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"most_rows": self.most_rows}

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            columns=[self._column(name) for name in COLUMNS],
            template_url=reverse("scheduling:need-import-template", args=[self.institution.slug]),
            confirm_url=reverse("scheduling:need-import-confirm", args=[self.institution.slug]),
            cancel_url=self.list_url,
            **kwargs,
        )

    def _column(self, name: str) -> dict:
        allowed = {
            "kind": self.form_terms["kinds"],
            "priority": Priority.values,
            "site": [site.code for site in self.sites],
            "within_km": [kilometres for kilometres, _text in DISTANCES if kilometres],
        }
        field = NeedRow.base_fields[name]
        if isinstance(field, MomentField):
            allowed[name] = [_("such as %(example)s") % {"example": "2026-11-25 08:00"}]
        return {
            "name": name,
            "label": field.label,
            "needed": name in NEEDED,
            "choices": allowed.get(name, []),
        }

    def form_valid(self, form):
        """The dry run: shows, posts nothing, so it needs no key."""
        content = form.cleaned_data["file"].read()
        try:
            rows = self.read(content)
        except Refusal as refusal:
            form.add_error("file", refusal.message)
            return self.form_invalid(form, status=refusal.status)
        with transaction.atomic():
            self.post_rows(rows)
            transaction.set_rollback(True)
        right = is_right(rows)
        token = waiting_files.keep(content, self.request.user, self) if right else ""
        context = self.get_context_data(
            form=form, rows=rows, wrong=sum(bool(row.errors) for row in rows), token=token
        )
        return self.render_to_response(context, status=200 if right else 422)


class NeedImportConfirm(OfNeedFile, ActionPage):
    """Post what was shown, every row or none."""

    form_class = ConfirmForm
    template_name = "scheduling/needs/import_refused.html"
    title = gettext_lazy("Post needs from a file")
    submit_label = gettext_lazy("Post these needs")

    def get_context_data(self, **kwargs):
        return super().get_context_data(cancel_url=self.import_url, **kwargs)

    def perform(self, form) -> str:
        content = waiting_files.take(form.cleaned_data["token"], self.request.user, self)
        rows = self.read(content)
        self.post_rows(rows)
        if not is_right(rows):
            raise RowsWrong
        words = ngettext("%(n)s need is posted.", "%(n)s needs are posted.", len(rows))
        messages.success(self.request, words % {"n": len(rows)})
        return self.list_url


class NeedImportTemplate(Page):
    """An empty CSV with the header line, which spreadsheets open as UTF-8."""

    permission = Permission.ASK

    def get(self, request, *args, **kwargs):
        response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="needs.csv"'
        csv.writer(response).writerow(COLUMNS)
        return response
