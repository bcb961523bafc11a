"""The city in figures, for officials: six numbers, the map, the kinds, urgent needs, fairness."""

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from medshare_portal.roles import Permission
from reports.charts import Bar, Place, bars, lorenz_curve, place_map
from reports.charts.spark import spark
from reports.demand import Outcome
from reports.kpi_words import change_of, measure_words, number_words, part_words, value_words
from reports.kpis import Measure, Unit, equity, fulfilment
from reports.kpis.catalogue import KPIS
from reports.queries.city_figures import (
    MOST_NEEDS,
    CityFigures,
    city_figures,
    currency_of,
    shares_of,
    urgent_needs,
)
from reports.queries.scores import scores
from reports.views.figures import FiguresPage
from resources.kinds import kinds

HEADLINES = ("scheduled", "fulfilment", "in_time", "idle_conversion", "waste_avoided")
MOST_HOUSES = 12
UNMET = (Outcome.REFUSED, Outcome.TOO_SLOW, Outcome.RECALLED)


class CityFiguresPage(FiguresPage):
    permission = Permission.CITY_VIEW
    template_name = "reports/figures/city.html"

    @cached_property
    def method_url(self) -> str:
        return reverse("city:method")

    def figures(self, form) -> dict:
        kind = form.cleaned_data["kind"]
        found = city_figures(form.chosen, form.compared, kind=kind)
        currency = currency_of(found.now, found.before or found.now)
        shares = shares_of(found.houses)
        needs = urgent_needs()
        return {
            "headlines": [*self._headlines(found, form, currency), _gini_headline(shares)],
            "hours": found.now.hours.used,
            "hours_words": value_words(found.now.hours.used, Unit.HOURS),
            "more": _more(found),
            "map": _map(found, self._address),
            "nets": _nets(found, self._address),
            "unplaced": sum(house.where is None for house in found.houses),
            "kinds": [self._kind(code, sums) for code, sums in found.by_kind.items()],
            "needs": needs[:MOST_NEEDS],
            "more_needs": len(needs) > MOST_NEEDS,
            "unmet": _unmet(found.now, self._rows),
            "lorenz": _lorenz(shares),
            "indices": _indices(shares),
            "left_out": shares.left_out,
        }

    def _address(self, institution) -> str:
        address = reverse("city:scorecard", args=[institution.pk])
        return f"{address}?{self.query()}"

    def _rows(self, **changes) -> str:
        return f"{reverse('city:uses')}?{self.query(**changes)}"

    def _headlines(self, found: CityFigures, form, currency: str) -> list[dict]:
        now = scores(found.now, found.now, currency=currency)
        before = found.before and scores(found.before, found.before, currency=currency)
        pieces = [
            scores(found.pieces[piece], found.pieces[piece], currency=currency)
            if piece in found.pieces
            else None
            for piece in form.chosen.pieces()
        ]
        return [
            headline(code, now[code], before and before[code], currency)
            | {
                "spark": spark([piece and _float(piece[code].value) for piece in pieces]),
                "url": self._rows(),
            }
            for code in HEADLINES
        ]

    def _kind(self, code: str, sums) -> dict:
        made = scores(sums, sums, currency=currency_of(sums))
        return {
            "name": kinds[code].label_plural if code in kinds else code,
            "icon": kinds[code].icon if code in kinds else "dot",
            "requested": number_words(sums.requested),
            "filled": number_words(sums.filled),
            "unmet": number_words(sums.unmet),
            "fulfilment": measure_words(made["fulfilment"]),
            "in_time": measure_words(made["in_time"]),
            "hours": number_words(sums.hours.used) if sums.hours.used else "–",
            "packs": number_words(sums.packs_accepted) if sums.packs_accepted else "–",
            "url": self._rows(kind=code),
        }


def headline(code: str, now: Measure, before: Measure | None, currency: str = "") -> dict:
    """A number as a card: its name, value, change, definition and what it is made of."""
    kpi = KPIS[code]
    return {
        "code": code,
        "name": kpi.name,
        "value": measure_words(now, currency),
        "change": change_of(code, now, before, currency),
        "numerator": kpi.numerator,
        "denominator": kpi.denominator,
        "parts": ""
        if now.denominator is None
        else f"{part_words(now.numerator)} ÷ {part_words(now.denominator)}",
    }


def _float(value):
    return None if value is None else float(value)


def _gini_headline(shares) -> dict:
    return headline("gini_weighted", shares.gini(), None) | {"parts": "", "url": "#equity"}


def _more(found: CityFigures) -> dict | None:
    """Of the hours shared, in percent against the comparison."""
    before = found.before.hours.used if found.before else 0
    if not before:
        return None
    change = (found.now.hours.used - before) / before * 100
    return {"up": change >= 0, "percent": number_words(abs(change))}


def _hours(value) -> str:
    return value_words(value, Unit.HOURS)


def _map(found: CityFigures, address):
    return place_map(
        title=_("Institutions where they lie; the area of a circle is given and received hours"),
        places=[
            Place(
                name=house.institution.name,
                longitude=house.where[0],
                latitude=house.where[1],
                given=house.given.hours.used,
                received=house.received.hours.used,
                url=address(house.institution),
            )
            for house in found.houses
            if house.where
        ],
        words=_hours,
        columns=(_("Institution"), _("Hours given"), _("Hours received")),
    )


def _nets(found: CityFigures, address):
    """The institutions that give or receive most, in the order of what they give more."""
    most = sorted(found.houses, key=lambda house: (-abs(house.net), house.institution.pk))
    rows = [
        Bar(house.institution.name, house.net, url=address(house.institution))
        for house in sorted(most[:MOST_HOUSES], key=lambda one: (-one.net, one.institution.pk))
        if house.net
    ]
    return bars(
        title=_("Hours given less hours received"),
        rows=rows,
        words=_hours,
        columns=(_("Institution"), _("Given − received")),
    )


def _unmet(sums, rows):
    """Why what was asked for was not given, the most frequent reason first."""
    counts = {code.value: getattr(sums, code.value) for code in UNMET}
    reasons = fulfilment.pareto(counts)
    return bars(
        title=_("Why requests were not met"),
        rows=[
            Bar(Outcome(reason.code).label, reason.count, url=rows(outcome=reason.code))
            for reason in reasons
        ],
        words=number_words,
        columns=(_("Outcome"), _("Requests")),
    )


def _lorenz(shares):
    return lorenz_curve(
        title=_("Lorenz curve: what the least served part of the residents receives"),
        points=equity.lorenz(shares.x, shares.residents),
        words=lambda share: f"{number_words(share * 100)} %",
        columns=(_("Of the residents"), _("Of the hours")),
    )


def _indices(shares) -> list[dict]:
    theil = equity.theil(shares.x, shares.residents, shares.districts)
    rows = [
        ("gini_weighted", "", shares.gini()),
        ("gini", "", equity.gini(shares.x)),
        ("theil", "", theil.total),
        ("theil", _("between districts"), theil.between),
        ("theil", _("within districts"), theil.within),
        ("jain", "", equity.jain(shares.x)),
    ]
    return [
        {"code": code, "name": KPIS[code].name, "part": part, "value": measure_words(measure)}
        for code, part, measure in rows
    ]
