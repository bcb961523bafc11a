"""Every figure of the catalogue in one list, each with what it is made of and the rows behind."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from medshare_portal.models import Institution
from medshare_portal.roles import Permission
from reports.assumptions import ALL
from reports.kpi_words import change_of, measure_words, number_words, parts_of
from reports.queries.all_figures import AS_NOW, Figure, all_figures
from reports.queries.kpis.ground import assumptions
from reports.views.behind import CityBehind, OwnBehind
from reports.views.figures import FiguresPage
from reports.views.scorecard import KEY


class AllFiguresPage(FiguresPage):
    """Base: ``about`` is an institution, or None for the city."""

    template_name = "reports/figures/all.html"
    about, official = None, False

    def get_context_data(self, **kwargs):
        return super().get_context_data(about=self.about, own_url=self.request.path, **kwargs)

    def figures(self, form) -> dict:
        found = all_figures(
            self.about, form.chosen, form.compared,
            kind=form.cleaned_data["kind"], now=self.now, official=self.official,
        )  # fmt: skip
        return {
            "families": self._families(found),
            "assumptions": _assumptions(),
            "compared": form.compared is not None,
        }

    @staticmethod
    def key_figures(context: dict) -> list[dict]:
        rows = [row for _family, rows in context["families"] for row in rows]
        return [row for row in rows if row["code"] in KEY and not row["part"]]

    def _families(self, found: list[Figure]) -> list[tuple]:
        families: dict[str, tuple] = {}
        for figure in found:
            _family, rows = families.setdefault(id(figure.family), (figure.family, []))
            rows.append(self._row(figure))
        return list(families.values())

    def _row(self, figure: Figure) -> dict:
        kpi, now = figure.entry, figure.measure
        numerator, denominator = parts_of(now)
        return {
            "code": figure.code,
            "name": kpi.name,
            "part": figure.part,
            "says": kpi.says,
            "value": measure_words(now, figure.currency),
            "known": now.known,
            "withheld": figure.withheld,
            "before": measure_words(figure.before, figure.currency) if figure.before else "–",
            "change": change_of(figure.code, now, figure.before, figure.currency),
            "as_now": figure.code in AS_NOW,
            "numerator": numerator,
            "denominator": denominator,
            "made_of": kpi.numerator,
            "divided_by": kpi.denominator,
            "left_out": kpi.exclusions,
            "url": self.behind(figure.code, figure.part) if now.known else "",
        }


class OwnAllFigures(OwnBehind, AllFiguresPage):
    permission = Permission.VIEW

    @property
    def about(self):
        return self.institution

    @cached_property
    def method_url(self) -> str:
        return reverse("reports:method", args=[self.institution.slug])


class CityAllFigures(CityBehind, AllFiguresPage):
    """Of the city, or of one institution as officials read it."""

    permission = Permission.CITY_VIEW
    official = True

    @cached_property
    def about(self):
        if "pk" not in self.kwargs:
            return None
        return get_object_or_404(Institution.objects.directory(), pk=self.kwargs["pk"])

    def query(self, **changes) -> str:
        of = {"institution": self.about.pk} if self.about else {}
        return super().query(**of | changes)

    @cached_property
    def method_url(self) -> str:
        return reverse("city:method")


def _assumptions() -> list[dict]:
    written = assumptions()
    return [
        {
            "name": one.name,
            "value": _plain(written[one.code].value if one.code in written else one.usual),
            "unit": one.unit,
            "source": written[one.code].note if one.code in written else one.source,
        }
        for one in ALL
    ]


def _plain(value) -> str:
    """'0.1558', '40'."""
    places = max(-value.normalize().as_tuple().exponent, 0)
    return number_words(value, places)
