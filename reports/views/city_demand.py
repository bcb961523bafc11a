"""What the city's hospitals asked for and did not get."""

from django.urls import reverse

from medshare_portal.roles import Permission
from reports.filters_demand import CityDemandFilter
from reports.models import DemandFact
from reports.tables.demand import CityDemandTable
from reports.views.demand import DemandFile, DemandPage


class CityDemand(DemandPage):
    permission = Permission.CITY_VIEW
    table_class = CityDemandTable
    filterset_class = CityDemandFilter

    def facts(self):
        return DemandFact.objects.in_city_view()

    @property
    def own_url(self) -> str:
        return reverse("city:demand")

    @property
    def export_address(self) -> str:
        return reverse("city:demand-export")

    @property
    def keep_address(self) -> str:
        return reverse("city:saved-report-new")

    def _may_export(self) -> bool:
        """As with statements and after-action lists: whoever reads the city's pages."""
        return True


class CityDemandExport(DemandFile, CityDemand):
    pass
