"""The evaluation of a period, to be printed, filed and signed: of an institution, of the city."""

from itertools import chain

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from medshare_portal.local_times import describe_moment
from medshare_portal.roles import Permission
from reports.forms.figures import FiguresForm
from reports.kpi_words import change_of, measure_words, parts_of, value_words
from reports.kpis import Unit
from reports.kpis.catalogue import KPIS
from reports.periods import Period
from reports.queries import evaluation
from reports.views.city_figures import CityFiguresPage
from reports.views.figures import period_words
from reports.views.report_files import ReportFile
from reports.views.scorecard import GROUPS, CityScorecard, OwnScorecard

HEADLINES = ("scheduled", "idle_conversion", "fulfilment", "in_time", "overdue", "waste_avoided")
HEADLINES_OF_CITY = ("scheduled", "idle_conversion", "fulfilment", "in_time", "overdue")


class Evaluation:
    """Mixin of a page of figures.  Subclasses give ``lines_of(context)``, ``name``,
    ``headline_codes``, ``code`` (of whom, in the report's number), ``export_address`` and
    ``more(context)``."""

    template_name = "reports/evaluation/report.html"

    def figures(self, form: FiguresForm) -> dict:
        context = super().figures(form)
        rows = [_row(line, number) for number, line in enumerate(self.lines_of(context), start=1)]
        by_code = {row["code"]: row for row in rows}
        return context | {
            "lines": rows,
            "first_numbers": [by_code[code] for code in self.headline_codes if code in by_code],
            "better": [row for row in rows if row["tone"] == "ok"],
            "worse": [row for row in rows if row["tone"] == "bad"],
            "compared": period_words(form.compared) if form.compared else "",
            "number": _number(self.code, form.chosen),
            "made": describe_moment(self.now, year=True),
            **self.more(context),
        }

    def get_context_data(self, **kwargs):
        export_url = self._export_url() if self.form.is_valid() else ""
        return super().get_context_data(
            **{"name": self.name, "export_url": export_url, "own_url": self.request.path} | kwargs
        )

    @staticmethod
    def key_figures(context: dict) -> list[dict]:
        return context["first_numbers"]

    def more(self, context: dict) -> dict:
        return {"houses": None}

    def _export_url(self) -> str:
        if not self.may_export():
            return ""
        query = self.request.GET.urlencode()
        return f"{self.export_address}?{query}" if query else self.export_address

    def may_export(self) -> bool:
        return True


class OfInstitution(Evaluation):
    headline_codes = HEADLINES

    @property
    def name(self) -> str:
        return self.about.name

    @property
    def code(self) -> str:
        return self.about.slug.upper()

    def lines_of(self, context: dict) -> list[evaluation.Line]:
        codes = chain.from_iterable(GROUPS.values())
        return evaluation.of_institution(self.about, context["found"], filter(self.has, codes))


class OwnEvaluation(OfInstitution, OwnScorecard):
    def may_export(self) -> bool:
        return self.may(Permission.EXPORT)

    @property
    def export_address(self) -> str:
        return reverse("reports:evaluation-export", args=[self.institution.slug])


class CityEvaluationOf(OfInstitution, CityScorecard):
    @property
    def export_address(self) -> str:
        return reverse("city:evaluation-of-export", args=[self.about.pk])


class CityEvaluation(Evaluation, CityFiguresPage):
    headline_codes = HEADLINES_OF_CITY
    code = "CITY"

    @property
    def name(self) -> str:
        return _("The city")

    def lines_of(self, context: dict) -> list[evaluation.Line]:
        lines = evaluation.of_city(context["found"], context["currency"])
        return [line for line in lines if self.has(line.code)]

    def file_lines(self, context: dict):
        found, currency = context["found"], context["currency"]
        more = evaluation.of_kinds(found, currency), evaluation.of_houses(found, currency)
        return chain(self.lines_of(context), *more)

    def more(self, context: dict) -> dict:
        houses = filter(evaluation.took_part, context["found"].houses)
        return {
            "houses": [_house(house, context["currency"]) for house in houses],
            "indices": context["indices"],
        }

    @property
    def export_address(self) -> str:
        return reverse("city:evaluation-export")


class EvaluationFile(ReportFile):
    """The lines of the report as a file."""

    what = "figures"

    @property
    def back(self) -> str:
        return self.request.get_full_path().replace("/export/", "/")

    def holds(self) -> bool:
        return self.form.is_valid()

    def file_lines(self, context: dict):
        return self.lines_of(context)

    @cached_property
    def _context(self) -> dict:
        return self.figures(self.form)

    def lines(self):
        rows = self.file_lines(self._context)
        return evaluation.file_rows(rows, self.form.chosen, self.form.compared)


class OwnEvaluationFile(EvaluationFile, OwnEvaluation):
    permission = Permission.EXPORT


class CityEvaluationOfFile(EvaluationFile, CityEvaluationOf):
    pass


class CityEvaluationFile(CityEvaluation, EvaluationFile):
    http_method_names = EvaluationFile.http_method_names


def _row(line: evaluation.Line, number: int) -> dict:
    kpi, now = KPIS[line.code], line.now
    numerator, denominator = parts_of(now)
    change = change_of(line.code, now, line.before, line.currency)
    return {
        "code": line.code,
        "number": number,
        "name": kpi.name,
        "kpi": kpi,
        "value": measure_words(now, line.currency),
        "before": measure_words(line.before, line.currency) if line.before else "–",
        "change": change,
        "tone": change["tone"] if change else "",
        "median": "–" if line.median is None else value_words(line.median, now.unit, line.currency),
        "rank": f"{line.rank[0]} / {line.rank[1]}" if line.rank else "–",
        "numerator": numerator,
        "denominator": denominator,
    }


def _house(house, currency: str) -> dict:
    made = evaluation.scores_of(house, currency)
    return {
        "institution": house.institution,
        "given": value_words(house.given.hours.used, Unit.HOURS),
        "received": value_words(house.received.hours.used, Unit.HOURS),
        "figures": [measure_words(made[code], currency) for code in evaluation.OF_HOUSES[:4]],
    }


def _number(code: str, period: Period) -> str:
    return f"{code}-{period.first:%Y%m%d}-{period.last:%Y%m%d}"
