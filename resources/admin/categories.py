"""Categories with their further standard codes."""

from django.contrib import admin

from medshare_portal.admin.base import RegistryAdmin, RegistryInline
from resources.models import Category, CodeMapping
from resources.registry_import import CATEGORIES


class MappingInline(RegistryInline):
    model = CodeMapping
    autocomplete_fields = ("code",)
    may_delete = True


@admin.register(Category)
class CategoryAdmin(RegistryAdmin):
    list_display = ("path", "name_en", "name_zh", "kind", "primary_code", "shareable")
    list_filter = ("kind", "shareable")
    list_select_related = ("primary_code",)
    search_fields = ("slug", "name_en", "name_zh")
    autocomplete_fields = ("parent", "primary_code")
    ordering = ("kind", "path", "pk")
    inlines = (MappingInline,)
    import_table = CATEGORIES

    def get_readonly_fields(self, request, obj=None):
        """A moved or renamed node would leave its children's paths behind."""
        return ("kind", "slug", "parent") if obj else ()


@admin.register(CodeMapping)
class CodeMappingAdmin(RegistryAdmin):
    may_delete = True
    list_display = ("category", "code", "equivalence")
    list_select_related = ("category", "code")
    autocomplete_fields = ("category", "code")
    ordering = ("category__path", "pk")
