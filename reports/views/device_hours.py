"""Hours of devices: the rows whose sums the figures of use, idleness and readiness are."""

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from medshare_portal.models import Institution
from medshare_portal.roles import Permission
from reports.forms.figures import HoursForm, PlainForm
from reports.kpi_words import number_words, part_words, value_words
from reports.kpis import Unit
from reports.queries import numbers
from reports.queries.device_hours import TIMES, Row, rows_of
from reports.queries.districts import districts, institutions_of
from reports.queries.kpis.ground import SHARED
from reports.views.figures import FiguresPage
from resources.models import Category, Resource


class DeviceHours(FiguresPage):
    """Base: ``rows(form)``, ``name_of(row)`` and ``url_of(row)``."""

    template_name = "reports/figures/device_hours.html"
    form_class = PlainForm

    def figures(self, form) -> dict:
        whole, *rows = self.rows(form)
        self.classes = {row.slug: row for row in Category.objects.filter(kind="equipment")}
        made = [{"name": self.name_of(row), "url": self.url_of(row), **_cells(row)} for row in rows]
        return {
            "rows": [{"name": _("All together"), "url": "", **_cells(whole)}, *made],
            "cards": [
                {"name": name, "value": value_words(getattr(whole.sums.hours, code), Unit.HOURS)}
                for code, name in _card_names().items()
            ],
        }

    def class_name(self, row: Row) -> str:
        """A class that the catalogue has no more keeps its code."""
        return self.classes[row.key].name if row.key in self.classes else row.key


class OwnDeviceHours(DeviceHours):
    permission = Permission.VIEW

    @cached_property
    def method_url(self) -> str:
        return reverse("reports:method", args=[self.institution.slug])

    def rows(self, form) -> list[Row]:
        resources = Resource.objects.owned_by(self.institution).filter(status__in=SHARED)
        return rows_of(
            numbers.of(self.institution), resources, form.chosen, by_class=True, inside=None
        )

    def name_of(self, row: Row) -> str:
        return self.class_name(row)

    def url_of(self, row: Row) -> str:
        query = self.query(category=row.key)
        return f"{reverse('reports:register', args=[self.institution.slug])}?{query}"


class CityDeviceHours(DeviceHours):
    """A row for each institution; for each class where one is chosen."""

    permission = Permission.CITY_VIEW
    form_class = HoursForm

    @cached_property
    def method_url(self) -> str:
        return reverse("city:method")

    @cached_property
    def houses(self) -> dict[int, Institution]:
        return {row.pk: row for row in Institution.objects.directory().order_by("name_en", "pk")}

    def form_options(self) -> dict:
        return {"districts": districts(), "houses": self.houses.values()}

    @cached_property
    def house(self) -> int | None:
        chosen = self.form.cleaned_data["institution"]
        return int(chosen) if chosen else None

    def rows(self, form) -> list[Row]:
        district = form.cleaned_data["district"]
        inside = institutions_of(district) if district else None
        if self.house is not None:
            inside = frozenset({self.house})
        resources = Resource.objects.in_city_view()
        if inside is not None:
            resources = resources.filter(institution__in=inside)
        return rows_of(
            numbers.of_city(), resources, form.chosen, by_class=self.house is not None,
            inside=inside,
        )  # fmt: skip

    def name_of(self, row: Row) -> str:
        if self.house is not None:
            return self.class_name(row)
        return self.houses[row.key].name if row.key in self.houses else str(row.key)

    def url_of(self, row: Row) -> str:
        if self.house is not None:
            return f"{reverse('city:register')}?{self.query(category=row.key)}"
        if row.key not in self.houses:
            return ""
        return f"{reverse('city:device-hours')}?{self.query(institution=row.key)}"


def _cells(row: Row) -> dict[str, str]:
    hours = {code: part_words(getattr(row.sums.hours, code)) for code in TIMES}
    return hours | {
        "failures": number_words(row.sums.failures),
        "units": number_words(row.units),
        "expected": number_words(row.expected),
    }


def _card_names() -> dict[str, str]:
    return {
        "booked": _("Hours booked"),
        "offered": _("Hours offered"),
        "used": _("Hours used by others"),
        "own_used": _("Hours of own use"),
        "idle": _("Idle hours"),
        "repair": _("Hours in repair"),
    }
