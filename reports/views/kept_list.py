"""A list behind figures that can be kept under a name and mailed, as pages of figures can."""

from urllib.parse import urlencode

from django.urls import reverse

from medshare_portal.views.from_replica import FromReplica
from medshare_portal.views.pages import ListPage
from reports.figure_pages import LONGEST_ADDRESS
from reports.kpi_words import number_words


class KeptList(FromReplica, ListPage):
    template_name = "reports/figures/kept_list.html"

    def get_context_data(self, **kwargs):
        of_city = self.request.resolver_match.namespace == "city"
        args = [] if of_city else [self.institution.slug]
        keep = reverse(f"{'city' if of_city else 'reports'}:saved-report-new", args=args)
        of = urlencode({"of": self.request.get_full_path()[:LONGEST_ADDRESS]})
        return super().get_context_data(keep_url=f"{keep}?{of}", **kwargs)

    @staticmethod
    def key_figures(context: dict) -> list[dict]:
        number = context["table"].paginator.count
        return [{"name": str(context["title"]), "value": number_words(number)}]
