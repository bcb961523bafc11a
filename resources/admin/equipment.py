"""Devices: the registry's fields.  What is offered and lent is decided in the portal."""

from django.contrib import admin
from django.db.models import F

from medshare_portal.admin.base import ByRole, RegistryAdmin, RegistryInline
from resources.models import Accessory, Competency, Equipment, OperatorCompetency, Resource
from resources.registry_import import DEVICES
from resources.search import search_text_for


class EquipmentInline(ByRole, admin.StackedInline):
    model = Equipment
    autocomplete_fields = ("nmpa_category", "modality", "required_competency")
    may_add = False
    extra = 0


class AccessoryInline(RegistryInline):
    model = Accessory
    may_delete = True


@admin.register(Resource)
class ResourceAdmin(RegistryAdmin):
    """New devices come from their institution's pages or by import."""

    may_add = False
    list_display = ("code", "name_en", "name_zh", "institution", "category", "status")
    list_filter = ("kind", "status")
    list_select_related = ("institution", "category")
    search_fields = ("code", "name_en", "name_zh", "institution__slug")
    ordering = ("institution__slug", "code", "pk")
    fields = (
        ("institution", "site"),
        ("kind", "code"),
        "category",
        ("name_en", "name_zh"),
        ("room", "units"),
        ("status", "condition"),
    )
    readonly_fields = ("institution", "site", "kind", "status")
    autocomplete_fields = ("category",)
    inlines = (EquipmentInline, AccessoryInline)
    import_table = DEVICES

    def save_related(self, request, form, formsets, change):
        """The search finds the new words; open forms of the owner notice the new version."""
        super().save_related(request, form, formsets, change)
        device = form.instance
        device.search_text = search_text_for(
            device, Equipment.unscoped.filter(pk=device.pk).first(), device.category
        )
        device.version = F("version") + 1
        device.save(update_fields=["search_text", "version"])


@admin.register(Competency)
class CompetencyAdmin(RegistryAdmin):
    list_display = ("code", "name_en", "name_zh")
    search_fields = ("code", "name_en", "name_zh")
    ordering = ("code", "pk")


@admin.register(OperatorCompetency)
class OperatorCompetencyAdmin(RegistryAdmin):
    may_delete = True
    list_display = ("institution", "competency", "holders", "valid_until")
    list_select_related = ("institution", "competency")
    autocomplete_fields = ("institution", "competency")
    ordering = ("institution__slug", "competency__code", "pk")
