"""An institution in figures: its own, and where it stands among all."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from medshare_portal.models import Institution
from medshare_portal.roles import Permission
from reports.alert_words import alert_row, city_alert_row
from reports.charts import Line, Part, Stack, line_chart, stacked_bars
from reports.kpi_words import change_of, measure_words, number_words, parts_of, value_words
from reports.kpis import Unit
from reports.kpis.catalogue import KPIS
from reports.periods import Period
from reports.queries import unmet
from reports.queries.alerts import alerts_of
from reports.queries.few_people import Shown, shown_of, standing_without_few
from reports.queries.standing import Standing, standing
from reports.views.behind import CityBehind, OwnBehind
from reports.views.figures import FiguresPage, axis, piece_words
from reports.views.unmet_reasons import unmet_part
from resources.kinds import kinds

GROUPS = {
    "sharing": ("scheduled", "net", "idle_rate", "idle_conversion", "sharing_rate", "availability"),
    "answers": ("in_time", "fulfilment", "quantity_fill"),
    "keeping": ("no_show", "overdue"),
    "balance": ("waste_avoided", "packs_rescued", "received_share"),
}
KEY = ("scheduled", "idle_conversion", "in_time", "fulfilment", "overdue", "waste_avoided")


class ScorecardPage(FiguresPage):
    """Base: ``about`` is the institution that it is of."""

    template_name = "reports/figures/scorecard.html"

    @property
    def about(self) -> Institution:
        raise NotImplementedError

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **{"about": self.about, "own_url": self.request.path, "uses_url": "", "all_url": ""}
            | {"alerts": [self.alert_row(alert) for alert in alerts_of(self.about)]}
            | kwargs
        )

    def figures(self, form) -> dict:
        kind = form.cleaned_data["kind"]
        shown = self.shown(kind, form.chosen, form.compared)
        found, left_out = self.readable(
            standing(self.about, form.chosen, shown.compared, kind=shown.kinds), form.chosen, kind
        )
        return {
            "few_left_out": left_out or shown.left_out,
            "found": found,
            "groups": [
                (name, [self._row(found, code) for code in filter(self.has, GROUPS[group])])
                for group, name in _group_names().items()
                if any(map(self.has, GROUPS[group]))
            ],
            "trend": _trend(found, form.chosen),
            "sides": _sides(found),
            "unmet": unmet_part(
                unmet.of_institution(self.about, form.chosen, kind=kind),
                form.chosen,
                address=self.demands_url,
                method_url=self.method_url,
            ),
            "uses_url": f"{self.uses_address}?{self.query()}",
            "all_url": f"{self.all_address}?{FiguresPage.query(self)}",
            "institutions": len(found.all),
        }

    def shown(self, kind: str, period: Period, compared: Period | None) -> Shown:
        """Of which kinds this reader sees sums."""
        return Shown(kind, compared)

    def readable(self, found: Standing, period: Period, kind: str) -> tuple[Standing, bool]:
        """What this reader may see of it, and whether something is left out."""
        return found, False

    @staticmethod
    def key_figures(context: dict) -> list[dict]:
        rows = [row for _name, group in context["groups"] for row in group]
        return [row for row in rows if row["code"] in KEY]

    def _row(self, found: Standing, code: str) -> dict:
        return _row(found, code) | {"url": self.behind(code) if found.now[code].known else ""}


class OwnScorecard(OwnBehind, ScorecardPage):
    permission = Permission.VIEW

    @property
    def about(self) -> Institution:
        return self.institution

    def alert_row(self, alert) -> dict:
        return alert_row(alert, self.institution)

    @cached_property
    def method_url(self) -> str:
        return reverse("reports:method", args=[self.institution.slug])

    @property
    def all_address(self) -> str:
        return reverse("reports:all-figures", args=[self.institution.slug])


class CityScorecard(CityBehind, ScorecardPage):
    permission = Permission.CITY_VIEW
    alert_row = staticmethod(city_alert_row)

    def shown(self, kind: str, period: Period, compared: Period | None) -> Shown:
        return shown_of(kind, self.about, period, compared)

    def readable(self, found: Standing, period: Period, kind: str) -> tuple[Standing, bool]:
        return standing_without_few(found, self.about, period, kind=kind)

    @cached_property
    def about(self) -> Institution:
        return get_object_or_404(Institution.objects.directory(), pk=self.kwargs["pk"])

    @cached_property
    def method_url(self) -> str:
        return reverse("city:method")

    @property
    def all_address(self) -> str:
        return reverse("city:all-figures-of", args=[self.about.pk])

    def query(self, **changes) -> str:
        return super().query(**{"institution": self.about.pk} | changes)


def _group_names() -> dict[str, str]:
    return {
        "sharing": _("Sharing equipment and people"),
        "answers": _("Answers and needs"),
        "keeping": _("Keeping what was agreed"),
        "balance": _("Medicines and balance"),
    }


def _row(found: Standing, code: str) -> dict:
    now, kpi = found.now[code], KPIS[code]
    middle, rank = found.median(code), found.rank(code)
    numerator, denominator = parts_of(now)
    return {
        "code": code,
        "name": kpi.name,
        "value": measure_words(now, found.currency),
        "change": change_of(code, now, found.before.get(code), found.currency),
        "median": "–" if middle is None else value_words(middle, now.unit, found.currency),
        "rank": f"{rank[0]} / {rank[1]}" if rank else "–",
        "numerator": numerator,
        "denominator": denominator,
        "made_of": f"{kpi.numerator} ÷ {kpi.denominator}" if kpi.denominator else kpi.numerator,
        "bar": _bar(now.value, middle) if now.unit == Unit.SHARE else None,
    }


def _bar(value, middle) -> dict | None:
    if value is None:
        return None
    return {"width": _percent(value), "median": "" if middle is None else _percent(middle)}


def _percent(share: float) -> str:
    return f"{min(max(float(share), 0), 1) * 100:.1f}%"


def _trend(found: Standing, period):
    pieces = list(period.pieces())
    values = [found.pieces[piece].value if piece in found.pieces else None for piece in pieces]
    return line_chart(
        title=_("Scheduled utilisation of what we offer"),
        labels=[piece_words(piece, period.step) for piece in pieces],
        lines=[Line(_("this institution"), values, ours=True)],
        words=lambda share: f"{number_words(share * 100)} %",
        head=_("Period"),
        steps=axis(pieces, period.step),
        unknown=value_words(None, Unit.SHARE),
    )


def _sides(found: Standing):
    """Of each kind what is counted: hours where there are any, else packs, else requests."""
    rows = []
    for code, (given, received) in found.by_kind.items():
        name = kinds[code].label_plural if code in kinds else code
        if given.hours.used or received.hours.used:
            sides, unit = (given.hours.used, received.hours.used), _("hours")
        elif given.packs_accepted or received.packs_accepted:
            sides, unit = (given.packs_accepted, received.packs_accepted), _("packs")
        else:
            sides, unit = (given.filled, received.filled), _("requests")
        parts = tuple(Part(float(side), f"{number_words(side)} {unit}") for side in sides)
        rows.append(Stack(str(name), parts))
    return stacked_bars(
        title=_("Given and received, by kind"),
        names=[
            ("chart-give", pgettext("share", "given")),
            ("chart-receive", pgettext("share", "received")),
        ],
        rows=rows,
        head=_("Kind"),
    )
