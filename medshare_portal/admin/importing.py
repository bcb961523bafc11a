"""The registry's import pages: template, file, dry run with preview, then all rows or none."""

import csv
from functools import partial

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from medshare_portal.forms.import_file import ImportForm
from medshare_portal.refusals import Refusal
from medshare_portal.registry_import import waiting_files
from medshare_portal.registry_import.running import counts, examine, store

SHOWN = 100


def import_urls(model_admin) -> list:
    """``import/`` and ``import/template/`` beside the table's list."""
    site, options = model_admin.admin_site, model_admin.opts
    name = f"{options.app_label}_{options.model_name}"
    return [
        path(
            "import/",
            site.admin_view(partial(import_page, model_admin=model_admin)),
            name=f"{name}_import",
        ),
        path(
            "import/template/",
            site.admin_view(partial(template_file, model_admin=model_admin)),
            name=f"{name}_import_template",
        ),
    ]


def import_page(request, *, model_admin):
    """GET shows the form; a file is examined; a confirmed one is stored."""
    if request.method == "POST" and "token" in request.POST:
        return _confirmed(request, model_admin)
    form = ImportForm(request.POST or None, request.FILES or None)
    context, status = {}, 200
    if request.method == "POST":
        context, status = _examined(request, model_admin, form)
    return _page(request, model_admin, {"form": form} | context, status)


def _examined(request, model_admin, form) -> tuple[dict, int]:
    """The dry run: what would be new and what would change, or every error found."""
    if not form.is_valid():
        return {}, 422
    content = form.cleaned_data["file"].read()
    try:
        outcome = examine(table=model_admin.import_table, content=content)
    except Refusal as refusal:
        form.add_error("file", refusal.message)
        return {}, refusal.status
    if outcome.errors:
        return {"outcome": outcome, "errors": outcome.errors}, 422
    token = (
        waiting_files.keep(content, request.user, model_admin.import_table)
        if outcome.writes
        else ""
    )
    return {"outcome": outcome, "token": token} | _preview(outcome), 200


def _preview(outcome) -> dict:
    """The first rows of each sort, before → after."""
    return {
        "counts": counts(outcome),
        "updated": [(line, _name(form), form.changes) for line, form in outcome.updated[:SHOWN]],
        "new": [(line, _name(form)) for line, form in outcome.new[:SHOWN]],
    }


def _name(form) -> str:
    return " / ".join(part for part in form.key_of(form.cells) if part)


def _confirmed(request, model_admin):
    table = model_admin.import_table
    try:
        content = waiting_files.take(request.POST["token"], request.user, table)
        outcome = store(table=table, content=content, by=request.user, now=timezone.now())
    except Refusal as refusal:
        form = ImportForm()
        context = {"form": form, "refusal": refusal.message}
        return _page(request, model_admin, context, refusal.status)
    words = _("%(new)s new, %(updated)s updated, %(unchanged)s unchanged.")
    messages.success(request, words % {**{"new": 0, "updated": 0}, **counts(outcome)})
    return HttpResponseRedirect(_address(model_admin, "changelist"))


def _page(request, model_admin, context: dict, status: int):
    table = model_admin.import_table
    common = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Import: %(table)s") % {"table": table.label},
        "columns": _described(table),
        "template_url": _address(model_admin, "import_template"),
    }
    return render(request, "admin/registry_import.html", common | context, status=status)


def _described(table) -> list[dict]:
    return [
        {
            "name": name,
            "label": field.label or name,
            "needed": field.required,
            "choices": [value for value, _label in getattr(field, "choices", ()) if value],
        }
        for name, field in table.columns.items()
    ]


def _address(model_admin, what: str) -> str:
    options = model_admin.opts
    return reverse(f"admin:{options.app_label}_{options.model_name}_{what}")


@require_safe
def template_file(request, *, model_admin):
    """An empty CSV with the header line, which Excel opens as UTF-8."""
    table = model_admin.import_table
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{table.name}.csv"'
    csv.writer(response).writerow(table.columns)
    return response
