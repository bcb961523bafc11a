"""Prices and factors that the figures assume: what is not listed is as usual."""

from django.contrib import admin

from medshare_portal.admin.base import RegistryAdmin
from reports.models import Assumption


@admin.register(Assumption)
class AssumptionAdmin(RegistryAdmin):
    """Taking a row away brings back what is usual."""

    may_delete = True
    list_display = ("code", "value", "note")
    search_fields = ("code", "note")
    ordering = ("code",)

    def get_readonly_fields(self, request, obj=None):
        return ("code",) if obj else ()
