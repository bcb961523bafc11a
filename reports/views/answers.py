"""The rows behind waiting times and answers in time: what was decided, whatever became of it."""

from django.utils.translation import gettext_lazy as _

from medshare_portal.roles import Permission
from reports.filters_answers import AnswersFilter, CityAnswersFilter
from reports.tables.answers import AnswersTable
from reports.views.kept_list import KeptList
from reports.views.of_days import OfDays
from scheduling.models import SharingRequest


class AnswersPage(OfDays, KeptList):
    """Base: ``requests()``, those that somebody was asked."""

    table_class = AnswersTable
    filterset_class = AnswersFilter
    title = _("Requests that were answered")

    def get_queryset(self):
        rows = self.requests().filter(decided_at__isnull=False, submitted_at__isnull=False)
        related = ("resource__category", "resource__site", "owner", "borrower")
        return rows.select_related(*related).order_by("-decided_at", "-pk")


class OwnAnswers(AnswersPage):
    permission = Permission.VIEW

    def requests(self):
        return SharingRequest.objects.owned_by(self.institution)


class CityAnswers(AnswersPage):
    permission = Permission.CITY_VIEW
    filterset_class = CityAnswersFilter

    def requests(self):
        return SharingRequest.objects.in_city_view()
