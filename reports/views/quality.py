"""The rows behind the figures of data quality: what lacks codes, what nobody confirmed lately."""

from django.db.models import BooleanField, Case, Value, When
from django.utils.translation import gettext_lazy as _

from medshare_portal.roles import Permission
from reports.filters_quality import CityQualityFilter, QualityFilter
from reports.queries.kpis.ground import SHARED
from reports.queries.quality import coded
from reports.tables.quality import CityQualityTable, QualityTable
from reports.views.kept_list import KeptList
from resources.models import Resource


class QualityPage(KeptList):
    """Base: ``shared()``, the resources that the figures are of."""

    table_class = QualityTable
    filterset_class = QualityFilter
    title = _("What is shared, and its data")

    def get_queryset(self):
        with_codes = Case(
            When(coded(), then=Value(True)), default=Value(False), output_field=BooleanField()
        )
        rows = self.shared().annotate(with_codes=with_codes)
        rows = rows.select_related("category", "institution")
        return rows.order_by("confirmed_at", "pk")

    def get_filterset_kwargs(self, filterset_class):
        return super().get_filterset_kwargs(filterset_class) | {"now": self.now}


class OwnQuality(QualityPage):
    permission = Permission.VIEW

    def shared(self):
        return Resource.objects.owned_by(self.institution).filter(status__in=SHARED)

    def get_table_kwargs(self):
        return {"institution": self.institution}


class CityQuality(QualityPage):
    permission = Permission.CITY_VIEW
    table_class = CityQualityTable
    filterset_class = CityQualityFilter

    def shared(self):
        return Resource.objects.in_city_view()
