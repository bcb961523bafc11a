"""Code systems and their codes."""

from django.contrib import admin

from medshare_portal.admin.base import RegistryAdmin
from medshare_portal.models import Code, CodeSystem
from medshare_portal.registry_import.codes import CODES


@admin.register(CodeSystem)
class CodeSystemAdmin(RegistryAdmin):
    list_display = ("slug", "name_en", "name_zh", "version", "url")
    search_fields = ("slug", "name_en", "name_zh", "url")
    ordering = ("slug", "pk")


@admin.register(Code)
class CodeAdmin(RegistryAdmin):
    list_display = ("system", "code", "display_en", "display_zh", "valid_until")
    list_display_links = ("code",)
    list_filter = ("system",)
    list_select_related = ("system",)
    search_fields = ("code", "display_en", "display_zh")
    autocomplete_fields = ("system", "parent")
    ordering = ("system__slug", "code", "pk")
    import_table = CODES
