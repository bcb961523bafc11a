"""What our institution asked for and did not get, and what became of all it asked for."""

from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.rates import TooOften
from medshare_portal.roles import Permission
from medshare_portal.spreadsheets import FORMATS, download
from medshare_portal.views.from_replica import FromReplica
from medshare_portal.views.pages import ListPage
from medshare_portal.views.too_often import too_often
from reports.actions.demand_exports import record_export
from reports.filters_demand import FIRST, NOT_MET, RESULTS, DemandFilter
from reports.kpi_words import number_words
from reports.models import DemandFact
from reports.queries.demand import file_rows, numbers_of
from reports.tables.demand import DemandTable
from resources.actions.exports import MOST


class DemandPage(FromReplica, ListPage):
    """Base: the facts of whoever the address names, first those that were not met.

    Subclasses give ``facts()``, ``own_url``, ``export_address`` and ``keep_address``.
    """

    template_name = "reports/demand.html"
    table_class = DemandTable
    filterset_class = DemandFilter
    title = gettext_lazy("Unmet demand")

    def dispatch(self, request, *args, **kwargs):
        query = request.GET.copy()
        if query.get("first") or query.get("last"):
            query.setdefault("period", "all")
        for name, value in FIRST.items():
            query.setdefault(name, value)
        request.GET = query
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self):
        return self.facts().counted_once().order_by("-ended_at", "-pk")

    def get_context_data(self, **kwargs):
        valid = self.filterset.is_valid()
        numbers = numbers_of(self._whatever_became_of_it()) if valid else None
        return super().get_context_data(
            numbers=numbers,
            outcomes=self._links(numbers) if valid else [],
            export_url=self._with(self.export_address) if self._may_export() else "",
            clear_url=self.own_url,
            keep_url=f"{self.keep_address}?{urlencode({'of': self._with(self.own_url)})}",
            **kwargs,
        )

    @staticmethod
    def key_figures(context: dict) -> list[dict]:
        numbers = context["numbers"]
        found = [
            {"name": _("Demands that have ended"), "value": number_words(numbers.ended)},
            {"name": _("Met"), "value": number_words(numbers.met)},
            {"name": _("Not met"), "value": number_words(numbers.not_met)},
        ]
        wanted = "; ".join(f"{one.name} × {one.number}" for one in numbers.most_wanted)
        return found + ([{"name": _("Most often not met"), "value": wanted}] if wanted else [])

    def _whatever_became_of_it(self):
        """What the filters leave, without the one of the outcome."""
        query = self.request.GET.copy()
        query["outcome"] = "all"
        return self.filterset_class(query, queryset=self.get_queryset(), request=self.request).qs

    def _links(self, numbers) -> list[dict]:
        """A tab for what was not met, for everything, and for each outcome that occurs."""
        counts = {NOT_MET: numbers.not_met, "all": numbers.ended} | dict(numbers.outcomes)
        chosen = self.request.GET["outcome"]
        return [
            {
                "label": label,
                "count": counts[value],
                "url": self._with(self.own_url, outcome=value),
                "active": chosen == value,
            }
            for value, label in RESULTS
            if value in counts
        ]

    def _with(self, address: str, **changes) -> str:
        query = self.request.GET.copy()
        query.pop("page", None)
        for name, value in changes.items():
            query[name] = value
        return f"{address}?{query.urlencode()}"

    def _may_export(self) -> bool:
        return self.may(Permission.EXPORT)


class DemandFile:
    """Mixin of a demand page: what the same address shows, as CSV or XLSX; by POST, because it is
    written to the audit trail."""

    http_method_names = ("post", "options")

    def post(self, request, *args, **kwargs):
        file_format = request.POST.get("format")
        filterset = self.get_filterset(self.filterset_class)
        if file_format not in FORMATS or not filterset.is_valid():
            raise BadRequest
        try:
            record_export(
                institution=self.institution,
                file_format=file_format,
                filters=sorted((name, value) for name, value in request.GET.items() if value),
                by=request.user,
                now=self.now,
            )
        except TooOften as refusal:
            return too_often(request, refusal, most=MOST, back=self._with(self.own_url))
        name = f"medshare-demand-{self.now:%Y%m%d}"
        return download(file_rows(filterset.qs), name, file_format)


class OwnDemand(DemandPage):
    permission = Permission.VIEW

    def facts(self):
        return DemandFact.objects.owned_by(self.institution)

    @property
    def own_url(self) -> str:
        return reverse("reports:demand", args=[self.institution.slug])

    @property
    def export_address(self) -> str:
        return reverse("reports:demand-export", args=[self.institution.slug])

    @property
    def keep_address(self) -> str:
        return reverse("reports:saved-report-new", args=[self.institution.slug])

    def get_table_kwargs(self):
        return {"institution": self.institution}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        numbers = context["numbers"]
        nothing = numbers is not None and not numbers.ended and not self.facts().exists()
        return context | {"empty": self._nothing_yet() if nothing else None}

    def _nothing_yet(self) -> dict:
        return {
            "title": _("Nothing has ended yet"),
            "text": _(
                "Every request, need and place in a line that has ended stands here, with what "
                "became of it."
            ),
            "url": reverse("scheduling:find", args=[self.institution.slug]),
            "label": _("Find and request"),
        }


class OwnDemandExport(DemandFile, OwnDemand):
    permission = Permission.EXPORT
