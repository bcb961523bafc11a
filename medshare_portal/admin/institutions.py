"""Institutions with their sites, and consortia with their members."""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from medshare_portal.actions.roles import sync_roles
from medshare_portal.admin.base import RegistryAdmin, RegistryInline
from medshare_portal.admin.site_hours import WorkingTimeInline
from medshare_portal.forms.codes import InstitutionCodes
from medshare_portal.models import Consortium, ConsortiumMembership, Institution, Site
from medshare_portal.registry_import.institutions import INSTITUTIONS, SITES


class SiteInline(RegistryInline):
    model = Site
    fields = (
        "code",
        "name_en",
        "name_zh",
        "latitude",
        "longitude",
        "time_zone",
        "is_main",
        "active",
    )


class MembershipInline(RegistryInline):
    model = ConsortiumMembership
    may_delete = True


@admin.register(Institution)
class InstitutionAdmin(RegistryAdmin):
    form = InstitutionCodes
    list_display = ("slug", "name_en", "name_zh", "status", "hospital_level", "beds")
    list_filter = ("status", "institution_type", "hospital_level")
    search_fields = ("slug", "name_en", "name_zh", "uscc")
    ordering = ("slug", "pk")
    inlines = (SiteInline,)
    import_table = INSTITUTIONS
    fieldsets = (
        (None, {"fields": ("slug", "name_en", "name_zh", "status")}),
        (
            _("Registration"),
            {
                "fields": (
                    "uscc",
                    "practice_licence_no",
                    "licence_valid_to",
                    "institution_type",
                    "hospital_level",
                )
            },
        ),
        (
            _("Facts"),
            {
                "fields": (
                    "district_en",
                    "district_zh",
                    "beds",
                    "service_population",
                    "contact_phone",
                )
            },
        ),
    )

    def get_readonly_fields(self, request, obj=None):
        """The short name is in addresses and names the audit chain: it never changes."""
        return ("slug",) if obj else ()

    def save_related(self, request, form, formsets, change):
        """A new institution gets its role groups at once."""
        super().save_related(request, form, formsets, change)
        if not change:
            sync_roles(today=timezone.localdate())


@admin.register(Site)
class SiteAdmin(RegistryAdmin):
    list_display = ("code", "institution", "name_en", "name_zh", "time_zone", "is_main", "active")
    list_filter = ("active", "is_main")
    list_select_related = ("institution",)
    search_fields = ("code", "name_en", "name_zh", "institution__name_en", "institution__name_zh")
    autocomplete_fields = ("institution",)
    ordering = ("institution__slug", "code", "pk")
    inlines = (WorkingTimeInline,)
    import_table = SITES


@admin.register(Consortium)
class ConsortiumAdmin(RegistryAdmin):
    list_display = ("slug", "name_en", "name_zh")
    search_fields = ("slug", "name_en", "name_zh")
    ordering = ("slug", "pk")
    inlines = (MembershipInline,)
