"""The headline numbers once more, one row for each institution, district or class."""

from collections import defaultdict

from django.urls import reverse
from django.utils.translation import gettext as _

from reports.charts.small import FEWEST_PEOPLE
from reports.forms.figures import CATEGORY, DISTRICT
from reports.kpi_words import measure_words, number_words
from reports.kpis.catalogue import KPIS
from reports.queries.city_figures import CityFigures, Sides, currency_of
from reports.queries.districts import code_of, districts
from reports.queries.scores import added, scores
from resources.models import Category

CODES = ("scheduled", "fulfilment", "in_time", "idle_conversion", "waste_avoided")
MOST_ROWS = 100
FEW = f"<{FEWEST_PEOPLE}"
REGISTERS = {"equipment": "city:register"}


def level_table(found: CityFigures, level: str, *, page) -> dict:
    """``rows`` by what was shared by the hour, the most first; ``hidden``: those beyond."""
    by_level = {DISTRICT: _districts, CATEGORY: _classes}
    rows = by_level.get(level, _institutions)(found, page)
    codes = list(filter(page.has, CODES))
    rows.sort(key=lambda row: (-_moved(row[2]), str(row[0]), row[1]))
    return {
        "head": {DISTRICT: _("District"), CATEGORY: _("Class")}.get(level, _("Institution")),
        "title": {DISTRICT: _("By district"), CATEGORY: _("By class")}.get(
            level, _("By institution")
        ),
        "columns": [(code, KPIS[code].name) for code in codes],
        "rows": [_row(*row, codes) for row in rows[:MOST_ROWS]],
        "hidden": max(len(rows) - MOST_ROWS, 0),
    }


def _moved(sides: Sides | None) -> float:
    return 0.0 if sides is None else sides.given.hours.used + sides.received.hours.used


def _row(name: str, url: str, sides: Sides | None, codes: list[str]) -> dict:
    """Without numbers where ``sides`` is None: of too few people."""
    if sides is None:
        values = [(KPIS[code].name, FEW) for code in codes]
        return {"name": name, "url": url, "given": FEW, "received": FEW, "values": values}
    currency = currency_of(sides.given)
    made = scores(*sides, currency=currency)
    return {
        "name": name,
        "url": url,
        "given": number_words(sides.given.hours.used),
        "received": number_words(sides.received.hours.used),
        "values": [(KPIS[code].name, measure_words(made[code], currency)) for code in codes],
    }


def _institutions(found: CityFigures, page) -> list[tuple]:
    return [
        (house.institution.name, page.address_of(house.institution), house.sides)
        for house in found.houses
    ]


def _districts(found: CityFigures, page) -> list[tuple]:
    groups, names = defaultdict(list), dict(districts())
    for house in found.houses:
        groups[code_of(house.institution)].append(house)
    sums = found.by_district
    if sums is None:
        sums = {
            code: Sides(added(h.given for h in houses), added(h.received for h in houses))
            for code, houses in groups.items()
        }
    return [
        (
            names.get(code) or _("Without a district"),
            f"?{page.query(district=code, level='')}" if code else "",
            sides,
        )
        for code, sides in sums.items()
    ]


def _classes(found: CityFigures, page) -> list[tuple]:
    """A class that the catalogue has no more keeps its code."""
    codes = {code for _kind, code in found.by_class}
    names = {(row.kind, row.slug): row for row in Category.objects.filter(slug__in=codes)}
    return [
        (
            names[key].name if key in names else key[1],
            _register(names[key], page) if key in names else "",
            sides,
        )
        for key, sides in found.by_class.items()
    ]


def _register(category: Category, page) -> str:
    if category.kind not in REGISTERS:
        return page.rows(kind=category.kind)
    query = page.query(category=category.slug, kind="", level="")
    return f"{reverse(REGISTERS[category.kind])}?{query}"
