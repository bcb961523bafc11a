"""The figures of an evaluation as lines: for its table, and for its file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from medshare_portal.spreadsheets import neutral
from reports.kpis import Measure, Unit
from reports.kpis.catalogue import KPIS, is_of
from reports.periods import Period
from reports.queries.city_figures import NEITHER, CityFigures, House
from reports.queries.few_people import without_numbers
from reports.queries.scores import balance, scores
from reports.queries.standing import Standing

OF_HOUSES = ("scheduled", "idle_conversion", "fulfilment", "in_time", "received_share")
HEAD = (
    "of", "name_en", "name_zh", "kind", "figure", "figure_name", "unit", "value", "numerator",
    "denominator", "value_before", "median", "rank", "of_how_many", "numerator_is",
    "denominator_is", "left_out", "source", "first_day", "last_day", "before_first_day",
    "before_last_day",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Line:
    """``about``: an institution, or None of the city; ``currency`` of what is money."""

    code: str
    now: Measure
    before: Measure | None = None
    about: object = None
    kind: str = ""
    median: float | None = None
    rank: tuple[int, int] | None = None
    currency: str = ""


def of_institution(about, found: Standing, codes: Iterable[str]) -> list[Line]:
    return [
        Line(
            code=code,
            now=found.now[code],
            before=found.before.get(code),
            about=about,
            median=found.median(code),
            rank=found.rank(code),
            currency=found.currency,
        )
        for code in codes
    ]


def of_city(found: CityFigures, currency: str) -> list[Line]:
    now = scores(*found.now, currency=currency)
    before = scores(*found.before, currency=currency) if found.before else {}
    if found.withheld:
        now, before = without_numbers(now), {}
    return [
        Line(code=code, now=measure, before=before.get(code), currency=currency)
        for code, measure in now.items()
    ]


def of_kinds(found: CityFigures, currency: str) -> Iterator[Line]:
    for kind, sides in found.by_kind.items():
        for code, measure in scores(*sides, currency=currency).items():
            if is_of(code, kind):
                yield Line(code=code, now=measure, kind=kind, currency=currency)


def of_houses(found: CityFigures, currency: str) -> Iterator[Line]:
    for house in found.houses:
        made = scores_of(house, currency)
        for code in OF_HOUSES:
            yield Line(code=code, now=made[code], about=house.institution)


def scores_of(house: House, currency: str) -> dict[str, Measure]:
    made = scores(*house.sides, currency=currency)
    return made | {"received_share": balance(*house.sides)}


def took_part(house: House) -> bool:
    """Those that neither gave nor asked have no line in the table of institutions."""
    return house.sides != NEITHER


def file_rows(lines: Iterable[Line], period: Period, compared: Period | None) -> Iterator[list]:
    """The head, then a line per figure; values as numbers, a share as a fraction."""
    yield list(HEAD)
    days = [period.first, period.last]
    days += [compared.first, compared.last] if compared else ["", ""]
    for line in lines:
        yield [neutral(cell) for cell in (*_cells(line), *days)]


def _cells(line: Line) -> list:
    kpi, about = KPIS[line.code], line.about
    place, of_how_many = line.rank or ("", "")
    return [
        about.slug if about else "city",
        about.name_en if about else "",
        about.name_zh if about else "",
        line.kind,
        line.code,
        kpi.name,
        line.currency if line.now.unit == Unit.MONEY else line.now.unit.value,
        line.now.value,
        line.now.numerator,
        line.now.denominator,
        line.before.value if line.before else "",
        "" if line.median is None else line.median,
        place,
        of_how_many,
        kpi.numerator,
        kpi.denominator or "",
        kpi.exclusions or "",
        kpi.source,
    ]
