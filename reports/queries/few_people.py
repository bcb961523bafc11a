"""What officials do not read: figures of people alone that rest on fewer than five of them.

An institution reads its own people in full.
"""

from dataclasses import dataclass, replace
from datetime import date

from reports.charts.small import FEWEST_PEOPLE
from reports.kpis import Measure
from reports.models import UsageFact
from reports.periods import Period
from reports.queries import staff_figures
from reports.queries.city_figures import NEITHER, CityFigures
from reports.queries.staff_figures import STAFF
from reports.queries.standing import Standing
from scheduling.states import State

PEOPLE = frozenset({STAFF})  # kinds whose things are persons


@dataclass(frozen=True, kw_only=True)
class Few:
    """``total``: all together are fewer than five; else which parts of it rest on so few."""

    total: bool
    houses: frozenset[int] = frozenset()
    classes: frozenset[str] = frozenset()
    pieces: frozenset[date] = frozenset()


def city_without_few(
    found: CityFigures, period: Period, compared: Period | None, *, kind: str,
    inside: frozenset[int] | None,
) -> tuple[CityFigures, bool]:  # fmt: skip
    """The figures without what officials do not read, and whether something is left out."""
    if not PEOPLE & set(found.by_kind):
        return found, False
    alone = kind in PEOPLE
    if alone or found.by_class:
        few = _few(period, inside)
    else:
        few = _few_in_total(period, inside, used=found.by_kind[STAFF].given.hours.used)
    rest = {
        "by_kind": {k: s for k, s in found.by_kind.items() if not (few.total and k in PEOPLE)},
        "by_class": {
            (k, code): sides
            for (k, code), sides in found.by_class.items()
            if not (k in PEOPLE and (few.total or code in few.classes))
        },
    }
    if alone:
        rest |= _alone(found, few, few_before=bool(compared) and _few(compared, inside).total)
    return replace(found, **rest), any(getattr(found, name) != rest[name] for name in rest)


def _alone(found: CityFigures, few: Few, *, few_before: bool) -> dict:
    """Where nothing but people is shown, their institutions and days are read off as well."""
    return {
        "now": NEITHER if few.total else found.now,
        "before": NEITHER if found.before and (few.total or few_before) else found.before,
        "pieces": {
            piece: sides
            for piece, sides in found.pieces.items()
            if not few.total and piece not in few.pieces
        },
        "houses": [house for house in found.houses if house.institution.pk not in few.houses],
    }


def _few(period: Period, inside: frozenset[int] | None) -> Few:
    found = staff_figures.of_city(period, None, inside)
    return Few(
        total=found.few or found.few_guests,
        houses=_secret(found.by_institution),
        classes=_secret(found.by_profession),
        pieces=frozenset(piece for piece, sums in found.pieces.items() if sums is None),
    )


def _secret(rows) -> frozenset:
    return frozenset(row.key for row in rows if row.secret_given or row.secret_received)


def _few_in_total(period: Period, inside: frozenset[int] | None, *, used: float) -> Few:
    """No more people are counted than it takes to know that they are several.  Hours that nobody is
    known of are one person's."""
    rows = UsageFact.objects.in_city_view().current().filter(kind=STAFF, state=State.CLOSED)
    rows = rows.filter(last_day__gte=period.first, first_day__lte=period.last)
    if inside is not None:
        rows = rows.filter(owner_key__in=inside)
    people = rows.order_by().values_list("resource_key", flat=True).distinct()[:FEWEST_PEOPLE]
    return Few(total=0 < (len(people) or int(used > 0)) < FEWEST_PEOPLE)


def standing_without_few(
    found: Standing, institution, period: Period, *, kind: str
) -> tuple[Standing, bool]:
    """Of one institution, as an official reads it."""
    if not PEOPLE & set(found.by_kind):
        return found, False
    shifts = staff_figures.of_city(period, None, frozenset({institution.pk}))
    if not (shifts.few or shifts.few_guests):
        return found, False
    rest = {"by_kind": {k: s for k, s in found.by_kind.items() if k not in PEOPLE}}
    if kind in PEOPLE:
        nothing = {code: Measure(None, None, None, m.unit) for code, m in found.now.items()}
        rest |= {"now": nothing, "before": {}, "pieces": {}}
    return replace(found, **rest), True
