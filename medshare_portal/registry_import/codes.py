"""Codes of standard systems, by system and code."""

from django import forms
from django.utils.translation import gettext_lazy as _

from medshare_portal.models import Code, CodeSystem
from medshare_portal.registry_import.rows import ImportTable, Reference, RowForm, cell_field


def systems() -> dict[str, CodeSystem]:
    return {row.slug: row for row in CodeSystem.objects.all()}


def codes() -> dict[tuple[str, str], Code]:
    rows = Code.objects.select_related("system", "parent")
    return {(row.system.slug, row.code): row for row in rows}


class CodeRow(RowForm):
    key = ("system", "code")
    existing = staticmethod(codes)
    system = Reference(systems, label=_("code system"))
    parent = forms.CharField(label=_("parent"), required=False)

    class Meta:
        model = Code
        formfield_callback = cell_field
        fields = ("system", "code", "display_en", "display_zh", "valid_from", "valid_until")

    field_order = ("system", "code", "display_en", "display_zh", "parent")

    def clean_parent(self):
        """A code of the same system, from the registry or from an earlier line."""
        code = self.cleaned_data["parent"]
        if not code:
            return None
        parent = self.lookups.of(codes).get((self.cells.get("system", ""), code))
        if parent is None or parent is self.instance:
            raise forms.ValidationError(_("There is no “%(code)s”."), params={"code": code[:60]})
        return parent

    def clean(self):
        cleaned = super().clean()
        if "parent" in cleaned:
            self.instance.parent = cleaned["parent"]
        return cleaned


CODES = ImportTable("codes", _("Codes"), CodeRow)
