"""The lots behind what officials read of near expiry: no number of a lot and no stock."""

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from medshare_portal.roles import Permission
from reports.filters_quality import WITHIN, LotsFilter
from reports.tables.quality import LotsTable
from reports.views.kept_list import KeptList
from resources.kinds.medicine.queries.at_risk import AtRisk
from resources.kinds.medicine.queries.at_risk_of_city import lots_of_city, rows_of

USUAL = "90"  # as alerts are told of them


class CityLots(KeptList):
    permission = Permission.CITY_VIEW
    table_class = LotsTable
    filterset_class = LotsFilter
    title = _("Lots at risk of expiry")

    def dispatch(self, request, *args, **kwargs):
        query = request.GET.copy()
        query.setdefault("within", USUAL)
        request.GET = query
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def at_risk(self) -> dict[int, AtRisk]:
        asked = self.request.GET["within"]
        within = int(asked) if asked in WITHIN else 0
        found = lots_of_city(today=timezone.localdate(self.now), within=within)
        return {lot.key: lot for _institution, lot in found}

    def get_queryset(self):
        return rows_of(self.at_risk)

    def get_table_kwargs(self):
        return {"at_risk": self.at_risk}
