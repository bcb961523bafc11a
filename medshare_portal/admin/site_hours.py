"""Days that are not as their weekday; the weekly hours stand with their site."""

from django.contrib import admin

from medshare_portal.admin.base import RegistryAdmin, RegistryInline
from medshare_portal.models import SpecialDay, WorkingTime
from medshare_portal.registry_import.site_hours import SPECIAL_DAYS, WORKING_TIMES


class WorkingTimeInline(RegistryInline):
    """Without rows the site has the hours of the policy pack."""

    model = WorkingTime
    may_delete = True
    ordering = ("weekday", "starts")


@admin.register(WorkingTime)
class WorkingTimeAdmin(RegistryAdmin):
    may_delete = True
    list_display = ("site", "weekday", "starts", "ends")
    list_filter = ("weekday",)
    list_select_related = ("site",)
    search_fields = ("site__code", "site__name_en", "site__name_zh")
    autocomplete_fields = ("site",)
    ordering = ("site__code", "weekday", "starts", "pk")
    import_table = WORKING_TIMES


@admin.register(SpecialDay)
class SpecialDayAdmin(RegistryAdmin):
    """What the policy pack ships is not listed: a row here stands above it."""

    may_delete = True
    list_display = ("day", "sort", "institution", "name_en", "name_zh")
    list_filter = ("sort",)
    list_select_related = ("institution",)
    search_fields = ("name_en", "name_zh", "institution__name_en", "institution__name_zh")
    autocomplete_fields = ("institution",)
    date_hierarchy = "day"
    ordering = ("-day", "pk")
    import_table = SPECIAL_DAYS
