"""Categories and devices from CSV and XLSX."""

import secrets

from django import forms
from django.utils.translation import gettext_lazy as _

from medshare_portal.models import Code, Site
from medshare_portal.registry_import.codes import codes
from medshare_portal.registry_import.institutions import by_slug, sites
from medshare_portal.registry_import.rows import (
    ImportTable,
    Reference,
    RowForm,
    cell_field,
)
from resources.kinds import kind_choices
from resources.models import Category, Competency, Equipment, Resource
from resources.search import search_text_for

REASON = "the registry is the city's"
KIND = "equipment"


def categories() -> dict[tuple[str, str], Category]:
    rows = Category.objects.select_related("parent", "primary_code__system")
    return {(row.kind, row.slug): row for row in rows}


def device_categories() -> dict[str, Category]:
    return {row.slug: row for row in Category.objects.filter(kind=KIND)}


def nmpa_codes() -> dict[str, Code]:
    return {r.code: r for r in Code.objects.filter(system__slug="nmpa-device-category")}


def modalities() -> dict[str, Code]:
    return {row.code: row for row in Code.objects.filter(system__slug="dicom-modality")}


def competencies() -> dict[str, Competency]:
    return {row.code: row for row in Competency.objects.all()}


def devices() -> dict[tuple[str, str], Resource]:
    rows = Resource.objects.everywhere(reason=REASON).filter(kind=KIND)
    related = ("institution", "site", "category", "equipment")
    return {(row.institution.slug, row.code): row for row in rows.select_related(*related)}


class CategoryRow(RowForm):
    """``primary_code`` is written ``system:code``; the parent may stand earlier in the file."""

    key = ("kind", "slug")
    existing = staticmethod(categories)
    kind = forms.ChoiceField(label=_("kind"), choices=kind_choices)
    parent = forms.CharField(label=_("parent"), required=False)
    primary_code = forms.CharField(label=_("standard code"), required=False)

    class Meta:
        model = Category
        formfield_callback = cell_field
        fields = ("kind", "slug", "name_en", "name_zh", "shareable", "note_en", "note_zh")

    field_order = ("kind", "slug", "parent", "name_en", "name_zh", "primary_code")

    def clean_parent(self):
        slug = self.cleaned_data["parent"]
        parent = self.lookups.of(categories).get((self.cells.get("kind", ""), slug))
        if slug and (parent is None or parent is self.instance):
            raise _unknown(slug)
        if self.stored and parent != self.stored.parent:
            raise forms.ValidationError(_("A category stays where it is in the tree."))
        return parent if slug else None

    def clean_primary_code(self):
        text = self.cleaned_data["primary_code"]
        system, _colon, code = text.partition(":")
        found = self.lookups.of(codes).get((system, code))
        if text and found is None:
            raise _unknown(text)
        return found

    def clean(self):
        cleaned = super().clean()
        for name in ("parent", "primary_code"):
            if name in cleaned:
                setattr(self.instance, name, cleaned[name])
        return cleaned

    def _shown(self, name: str) -> str:
        code = self.instance.primary_code
        if name == "primary_code" and code:
            return f"{code.system.slug}:{code.code}"
        return super()._shown(name)


def _unknown(code: str) -> forms.ValidationError:
    return forms.ValidationError(_("There is no “%(code)s”."), params={"code": code[:60]})


class EquipmentCells(forms.ModelForm):
    """The detail row's part of a line."""

    nmpa_category = Reference(nmpa_codes, label=_("NMPA category"))
    modality = Reference(modalities, label=_("DICOM modality"), required=False)
    required_competency = Reference(competencies, label=_("competency"), required=False)

    class Meta:
        model = Equipment
        formfield_callback = cell_field
        fields = (
            "model",
            "manufacturer",
            "serial_no",
            "nmpa_category",
            "risk_class",
            "registration_no",
            "registration_valid_until",
            "emdn",
            "udi_di",
            "modality",
            "licensed_large",
            "licence_no",
            "radiation",
            "radiation_licence_no",
            "fixed",
            "mains_powered",
            "single_use",
            "on_site",
            "loan",
            "service",
            "pm_interval_days",
            "last_pm",
            "next_pm_due",
            "last_calibration",
            "calibration_due",
            "last_safety_test",
            "safety_test_due",
            "safety_test_result",
            "service_life_until",
            "obsolete",
            "required_competency",
            "replacement_value",
            "deposit",
            "indemnity_ref",
        )


class DetailRow(RowForm, EquipmentCells):
    """The detail columns as a row of their own, found through the device."""

    key = ("institution", "code")
    existing = staticmethod(devices)

    class Meta(EquipmentCells.Meta):
        pass

    def instance_of(self):
        return self.stored.equipment if self.stored else None


class DeviceRow(RowForm):
    """A device and its detail row in one line; new ones are drafts of their institution."""

    key = ("institution", "code")
    existing = staticmethod(devices)
    institution = Reference(by_slug, label=_("institution"))
    site = forms.CharField(label=_("site"))
    category = Reference(device_categories, label=_("category"))

    class Meta:
        model = Resource
        formfield_callback = cell_field
        fields = (
            "institution",
            "code",
            "site",
            "category",
            "name_en",
            "name_zh",
            "room",
            "units",
            "condition",
        )

    def __init__(self, cells, *, lookups):
        super().__init__(cells, lookups=lookups)
        self.detail = DetailRow(cells, lookups=lookups)
        self.instance.kind = KIND

    def clean_site(self):
        code = self.cleaned_data["site"]
        found: Site | None = self.lookups.of(sites).get((self.cells.get("institution", ""), code))
        if found is None:
            raise _unknown(code)
        return found

    def full_clean(self):
        """Errors of both halves, each at its column."""
        super().full_clean()
        if not self.is_bound or not hasattr(self, "detail"):
            return
        for name, messages in self.detail.errors.items():
            self._errors.setdefault(name, self.error_class()).extend(messages)

    @property
    def changes(self) -> dict[str, list[str]]:
        return super().changes | self.detail.changes

    def chain(self) -> str:
        return self.instance.institution.slug

    def save(self, commit=True):
        """The device, then its detail row; the search finds the new words."""
        device, detail = self.instance, self.detail.instance
        device.search_text = search_text_for(device, detail, device.category)
        if self.is_new:
            device.public_id = secrets.token_urlsafe(16)
        else:
            device.version += 1
        device.save()
        detail.resource = device
        detail.save()
        return device


class DeviceTable(ImportTable):
    @property
    def columns(self):
        return {**DeviceRow.base_fields, **DetailRow.base_fields}


CATEGORIES = ImportTable("categories", _("Categories"), CategoryRow)
DEVICES = DeviceTable("devices", _("Devices"), DeviceRow)
