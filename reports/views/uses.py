"""The rows behind the figures: requests that have ended, as they were."""

from django.utils.translation import gettext_lazy as _

from medshare_portal.roles import Permission
from medshare_portal.views.pages import ListPage
from reports.filters_uses import CityUsesFilter, UsesFilter
from reports.forms.figures import FiguresForm
from reports.models import UsageFact
from reports.queries.figures import counted_until
from reports.tables.uses import UsesTable
from reports.views.figures import last_day


class UsesPage(ListPage):
    """Base: ``facts()``.  A period of a page of figures becomes its days."""

    table_class = UsesTable
    filterset_class = UsesFilter
    title = _("The requests behind the figures")

    def dispatch(self, request, *args, **kwargs):
        query = request.GET.copy()
        if query.get("period") or not (query.get("first") or query.get("last")):
            form = FiguresForm(query, last=last_day(counted_until(), self.now))
            if form.is_valid():
                query["first"] = form.chosen.first.isoformat()
                query["last"] = form.chosen.last.isoformat()
        request.GET = query
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self):
        return self.facts().current().order_by("-ended_at", "-pk")


class OwnUses(UsesPage):
    permission = Permission.VIEW

    def facts(self):
        return UsageFact.objects.concerning(self.institution)


class CityUses(UsesPage):
    permission = Permission.CITY_VIEW
    filterset_class = CityUsesFilter

    def facts(self):
        return UsageFact.objects.in_city_view()
