"""Working hours by site, weekday and begin; special days by institution (none: the city), day."""

from datetime import date, time

from django.utils.translation import gettext_lazy as _

from medshare_portal.models import AuditEvent, Site, SpecialDay, WorkingTime
from medshare_portal.registry_import.institutions import by_slug
from medshare_portal.registry_import.rows import ImportTable, Reference, RowForm, cell_field

REASON = "the registry is the city's"


def days() -> dict[tuple[str, str], SpecialDay]:
    rows = SpecialDay.objects.everywhere(reason=REASON).select_related("institution")
    return {(row.institution.slug if row.institution else "", str(row.day)): row for row in rows}


def times() -> dict[tuple[str, str, str], WorkingTime]:
    """By the site as "institution/code"."""
    rows = WorkingTime.objects.everywhere(reason=REASON).select_related("site__institution")
    return {(site_code(row.site), str(row.weekday), f"{row.starts:%H:%M}"): row for row in rows}


def site_code(site: Site) -> str:
    return f"{site.institution.slug}/{site.code}"


def sites_by_code() -> dict[str, Site]:
    rows = Site.objects.everywhere(reason=REASON).select_related("institution")
    return {site_code(row): row for row in rows}


class SpecialDayRow(RowForm):
    key = ("institution", "day")
    existing = staticmethod(days)
    institution = Reference(by_slug, label=_("institution"), required=False)

    class Meta:
        model = SpecialDay
        formfield_callback = cell_field
        fields = ("institution", "day", "sort", "as_weekday", "name_en", "name_zh")

    @classmethod
    def key_of(cls, cells: dict[str, str]) -> tuple[str, ...]:
        """A day may be written in several ways."""
        return cells.get("institution", ""), written(cells.get("day", ""))

    def chain(self) -> str:
        return self.instance.institution.slug if self.instance.institution else AuditEvent.CITY


class WorkingTimeRow(RowForm):
    """The weekday is a number, Monday 0."""

    key = ("site", "weekday", "starts")
    existing = staticmethod(times)
    site = Reference(sites_by_code, label=_("site"))

    class Meta:
        model = WorkingTime
        formfield_callback = cell_field
        fields = ("site", "weekday", "starts", "ends")

    @classmethod
    def key_of(cls, cells: dict[str, str]) -> tuple[str, ...]:
        return cells.get("site", ""), cells.get("weekday", ""), _clock(cells.get("starts", ""))

    def chain(self) -> str:
        return self.instance.site.institution.slug


def written(day: str) -> str:
    """A day as the key has it, whichever mark stands between its numbers."""
    plain = day.translate(str.maketrans({"/": "-", ".": "-", "年": "-", "月": "-", "日": ""}))
    try:
        return str(date(*(int(part) for part in plain.split("-"))))
    except (ValueError, TypeError):
        return day


def _clock(text: str) -> str:
    try:
        return f"{time.fromisoformat(text.zfill(5)):%H:%M}"
    except ValueError:
        return text


SPECIAL_DAYS = ImportTable("special-days", _("Special days"), SpecialDayRow)
WORKING_TIMES = ImportTable("working-times", _("Working hours"), WorkingTimeRow)
