"""What is open in the city now: the rows behind the overview, without people and purposes."""

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from medshare_portal.roles import Permission
from reports.filters_open import BookingsFilter, NeedsFilter
from reports.queries.city import SHOWN_STATES
from reports.tables.open import BookingsTable, OpenNeedsTable
from reports.views.kept_list import KeptList
from scheduling.models import Need, SharingRequest


class OpenPage(KeptList):
    permission = Permission.CITY_VIEW

    def get_table_kwargs(self):
        return {"now": self.now}


class CityBookings(OpenPage):
    table_class = BookingsTable
    filterset_class = BookingsFilter
    title = _("Open bookings")

    def get_queryset(self):
        rows = SharingRequest.objects.in_city_view().filter(state__in=SHOWN_STATES)
        related = ("resource__category", "resource__site", "delivery_site", "owner", "borrower")
        return rows.select_related(*related).order_by(
            F("due_at").asc(nulls_last=True), F("ends_at").asc(nulls_last=True), "pk"
        )

    def get_filterset_kwargs(self, filterset_class):
        return super().get_filterset_kwargs(filterset_class) | {"now": self.now}


class CityNeeds(OpenPage):
    table_class = OpenNeedsTable
    filterset_class = NeedsFilter
    title = _("Open needs")

    def get_queryset(self):
        rows = Need.objects.in_city_view().open().select_related("institution", "category")
        return rows.order_by("expires_at", "pk")
