"""The rows behind the figures: requests that have ended, as they were."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from medshare_portal.roles import Permission
from medshare_portal.views.from_replica import FromReplica
from medshare_portal.views.pages import ListPage
from reports.filters_uses import CityUsesFilter, OwnUsesFilter, UsesFilter
from reports.kpi_words import number_words
from reports.models import UsageFact
from reports.queries.use_rows import use_rows
from reports.tables.uses import UsesTable
from reports.views.of_days import OfDays
from reports.views.report_files import ReportFile


class UsesPage(OfDays, FromReplica, ListPage):
    """Base: ``facts()``, ``may_export()``, ``own_url``, ``export_address`` and
    ``keep_address``."""

    template_name = "reports/figures/uses.html"
    table_class = UsesTable
    filterset_class = UsesFilter
    title = _("The requests behind the figures")

    def get_queryset(self):
        return self.facts().current().order_by("-ended_at", "-pk")

    def get_context_data(self, **kwargs):
        export_url = self._filtered(self.export_address) if self.may_export() else ""
        of = urlencode({"of": self._filtered(self.own_url)})
        return super().get_context_data(
            export_url=export_url,
            clear_url=self.own_url,
            keep_url=f"{self.keep_address}?{of}",
            **kwargs,
        )

    @staticmethod
    def key_figures(context: dict) -> list[dict]:
        number = context["table"].paginator.count
        return [{"name": _now("Requests that have ended"), "value": number_words(number)}]

    def _filtered(self, address: str) -> str:
        query = self.request.GET.copy()
        query.pop("page", None)
        return f"{address}?{query.urlencode()}"


class UsesFile(ReportFile):
    """The same rows as a file."""

    what = "uses"

    @property
    def back(self) -> str:
        return self._filtered(self.own_url)

    @property
    def found(self):
        return self.get_filterset(self.filterset_class)

    def holds(self) -> bool:
        return not self.found.is_bound or self.found.is_valid()

    def lines(self):
        return use_rows(self.found.qs)


class OwnUses(UsesPage):
    permission = Permission.VIEW
    filterset_class = OwnUsesFilter

    def facts(self):
        return UsageFact.objects.concerning(self.institution)

    def may_export(self) -> bool:
        return self.may(Permission.EXPORT)

    @property
    def own_url(self) -> str:
        return reverse("reports:uses", args=[self.institution.slug])

    @property
    def export_address(self) -> str:
        return reverse("reports:uses-export", args=[self.institution.slug])

    @property
    def keep_address(self) -> str:
        return reverse("reports:saved-report-new", args=[self.institution.slug])


class CityUses(UsesPage):
    permission = Permission.CITY_VIEW
    filterset_class = CityUsesFilter

    def facts(self):
        return UsageFact.objects.in_city_view()

    def get_context_data(self, **kwargs):
        intro = _(
            "Single requests are listed because the city sees to each booking; no person is "
            "named. Figures of people are added up only where five of them or more stand behind."
        )
        return super().get_context_data(intro=intro, **kwargs)

    def may_export(self) -> bool:
        return True

    @property
    def own_url(self) -> str:
        return reverse("city:uses")

    @property
    def export_address(self) -> str:
        return reverse("city:uses-export")

    @property
    def keep_address(self) -> str:
        return reverse("city:saved-report-new")


class OwnUsesExport(UsesFile, OwnUses):
    permission = Permission.EXPORT


class CityUsesExport(UsesFile, CityUses):
    pass
