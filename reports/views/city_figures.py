"""The city in figures, for officials: six numbers, the map, the kinds, urgent needs, fairness."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from medshare_portal.roles import Permission
from reports.charts import Bar, Place, bars, place_map
from reports.charts.spark import spark
from reports.demand import Outcome
from reports.forms.figures import CATEGORY, CityFiguresForm
from reports.kpi_words import change_of, measure_words, number_words, parts_of, value_words
from reports.kpis import Measure, Unit
from reports.kpis.catalogue import KPIS
from reports.queries import unmet
from reports.queries.all_figures import OF_ANSWERS, OF_REQUESTS
from reports.queries.city_figures import (
    MOST_NEEDS,
    CityFigures,
    Sides,
    city_figures,
    currency_of,
    urgent_needs,
)
from reports.queries.districts import districts, institutions_of
from reports.queries.equity_figures import (
    gini_over_time,
    hours_received,
    hours_shown,
    shares_of,
)
from reports.queries.few_people import city_without_few, shown_in_city, without_numbers
from reports.queries.scores import scores
from reports.views.city_levels import level_table
from reports.views.equity_parts import index_rows, lorenz_of
from reports.views.figures import FiguresPage
from reports.views.headline_history import history_table
from reports.views.unmet_reasons import unmet_part
from resources.kinds import kinds

HEADLINES = ("scheduled", "fulfilment", "in_time", "idle_conversion", "waste_avoided")
GINI = "gini_weighted"
MOST_HOUSES = 12


class CityPage(FiguresPage):
    """Base: of all institutions or those of a district."""

    permission = Permission.CITY_VIEW
    form_class = CityFiguresForm

    @cached_property
    def method_url(self) -> str:
        return reverse("city:method")

    def form_options(self) -> dict:
        return {"districts": districts()}

    def address_of(self, institution) -> str:
        """Of hundreds on a page: the address is resolved once."""
        before, after = self._scorecard
        return f"{before}{institution.pk}{after}"

    @cached_property
    def _scorecard(self) -> tuple[str, str]:
        before, _zero, after = reverse("city:scorecard", args=[0]).rpartition("0")
        return before, f"{after}?{self.query(district='', level='')}"

    def answers(self) -> str:
        return f"{reverse('city:answers')}?{self.query(level='')}"

    def rows(self, **changes) -> str:
        """The requests behind a number."""
        return f"{reverse('city:uses')}?{self.query(level='', **changes)}"


class CityFiguresPage(CityPage):
    template_name = "reports/figures/city.html"

    def figures(self, form) -> dict:
        kind, district = form.cleaned_data["kind"], form.cleaned_data["district"]
        level = form.cleaned_data["level"]
        inside = institutions_of(district) if district else None
        shown = shown_in_city(kind, form.chosen, form.compared, inside)
        found = city_figures(
            form.chosen,
            shown.compared,
            kind=shown.kinds,
            district=district,
            classes=level == CATEGORY,
        )
        found, left_out = city_without_few(
            found, form.chosen, shown.compared, kind=kind, inside=inside, secret=shown.secret
        )
        currency = currency_of(found.now.given, (found.before or found.now).given)
        narrowed = {"kind": shown.kinds} if shown.kinds else {}
        institutions = [house.institution for house in found.houses]
        shares = shares_of(institutions, {h.institution.pk: h.had_hours for h in found.houses})
        needs = urgent_needs(district)
        headlines = [
            *self._headlines(found, form, currency),
            *self._gini(institutions, shares, form, narrowed),
        ]
        return {
            "all_url": f"{reverse('city:all-figures')}?{self.query(district='', level='')}",
            "found": found,
            "few_left_out": left_out,
            "currency": currency,
            "headlines": headlines,
            "history": history_table(headlines, form.chosen, currency),
            "hours": found.now.given.hours.used,
            "hours_words": value_words(found.now.given.hours.used, Unit.HOURS),
            "more": _more(found),
            "map": _map(found, self.address_of),
            "nets": _nets(found, self.address_of),
            "unplaced": sum(house.where is None for house in found.houses),
            "kinds": [self._kind(code, sides) for code, sides in found.by_kind.items()],
            "levels": level_table(found, level, page=self),
            "needs": needs[:MOST_NEEDS],
            "more_needs": len(needs) > MOST_NEEDS,
            "unmet": self._unmet(form, inside),
            "lorenz": lorenz_of(shares),
            "indices": index_rows(shares),
            "left_out": shares.left_out,
        }

    def _headlines(self, found: CityFigures, form, currency: str) -> list[dict]:
        now = scores(*found.now, currency=currency)
        before = found.before and scores(*found.before, currency=currency)
        if found.withheld:
            now, before = without_numbers(now), None
        pieces = [
            scores(*found.pieces[piece], currency=currency) if piece in found.pieces else None
            for piece in form.chosen.pieces()
        ]
        return [
            headline(code, now[code], before and before[code], currency)
            | {
                "spark": spark([piece and _float(piece[code].value) for piece in pieces]),
                "history": [piece and piece[code] for piece in pieces],
                "url": self.headline_url(code),
            }
            for code in HEADLINES
            if self.has(code)
        ]

    def headline_url(self, code: str) -> str:
        """The rows that its parts are the sums of."""
        if code in OF_ANSWERS:
            return self.answers()
        if code not in OF_REQUESTS:
            return f"{reverse('city:device-hours')}?{self.query(kind='', level='')}"
        return self.rows(**OF_REQUESTS[code])

    def _gini(self, institutions, shares, form, narrowed) -> list[dict]:
        if not self.has(GINI):
            return []
        pieces = gini_over_time(institutions, form.chosen, **narrowed)
        history = [pieces.get(piece) for piece in form.chosen.pieces()]
        values = [measure and measure.value for measure in history]
        before = form.compared and hours_received(form.compared, **narrowed)
        if before and not form.cleaned_data["kind"]:
            before = hours_shown(before, form.compared)
        card = headline(
            GINI,
            shares.gini(),
            None if before is None else shares_of(institutions, before).gini(),
        )
        return [
            card
            | {
                "url": f"{reverse('city:equity')}?{self.query()}",
                "spark": spark(values),
                "history": history,
            }
        ]

    def _unmet(self, form, inside) -> dict:
        kind, district = form.cleaned_data["kind"], form.cleaned_data["district"]
        narrowed = {"kind": kind, "district": district}

        def address(**query) -> str:
            chosen = {name: value for name, value in (narrowed | query).items() if value}
            return f"{reverse('city:demand')}?{urlencode(chosen)}"

        reasons = unmet.of_city(form.chosen, kind=kind, inside=inside)
        return unmet_part(reasons, form.chosen, address=address, method_url=self.method_url)

    def _kind(self, code: str, sides: Sides) -> dict:
        given, received = sides
        made = scores(given, received, currency=currency_of(given))
        return {
            "name": kinds[code].label_plural if code in kinds else code,
            "icon": kinds[code].icon if code in kinds else "dot",
            "requested": number_words(received.requested),
            "filled": number_words(received.filled),
            "unmet": number_words(received.unmet),
            "fulfilment": measure_words(made["fulfilment"]),
            "in_time": measure_words(made["in_time"]),
            "hours": number_words(received.hours.used) if received.hours.used else "–",
            "packs": number_words(received.packs_accepted) if received.packs_accepted else "–",
            "url": self.rows(kind=code),
            "filled_url": self.rows(kind=code, outcome=Outcome.FILLED.value),
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
        "parts": "" if now.denominator is None else " ÷ ".join(parts_of(now)),
    }


def _float(value):
    return None if value is None else float(value)


def _more(found: CityFigures) -> dict | None:
    """Of the hours shared, in percent against the comparison."""
    before = found.before.given.hours.used if found.before else 0
    if not before:
        return None
    change = (found.now.given.hours.used - before) / before * 100
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
