"""What officials do not read: figures of people that rest on fewer than five of them, alone or as
the part of a sum whose other parts are shown.

An institution reads its own people in full.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date

from reports.kpis import Measure
from reports.periods import Period
from reports.queries import staff_figures
from reports.queries.city_figures import GIVEN, NEITHER, RECEIVED, CityFigures, House, Sides
from reports.queries.districts import code_of
from reports.queries.scores import added, less
from reports.queries.secret_people import Secret, given_back, people_of, secret_people
from reports.queries.standing import Standing
from resources.kinds import kinds_of_people, other_kinds

NOTHING = Secret()


@dataclass(frozen=True, kw_only=True)
class Few:
    """``total``: all together are fewer than five; else which parts of it rest on so few."""

    total: bool
    houses: frozenset[int] = frozenset()
    classes: frozenset[str] = frozenset()
    pieces: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Shown:
    """``kinds``: of which kinds sums are made, as ``grouped`` is narrowed ("" all of them);
    ``secret``: what is taken out of the sums of institutions; ``compared``: with what, if that
    tells of no few people either."""

    kinds: str | tuple[str, ...]
    compared: Period | None
    secret: Secret = NOTHING

    @property
    def left_out(self) -> bool:
        return bool(self.secret)


def shown_in_city(
    kind: str, period: Period, compared: Period | None, inside: frozenset[int] | None
) -> Shown:
    """Where all people are too few no sum has them."""
    if kind:
        return Shown(kind, compared)
    secret = secret_people(period, inside)
    if secret.total:
        return Shown(other_kinds(), compared, Secret(total=True))
    few_before = compared is not None and secret_people(compared, inside).total
    return Shown("", None if few_before else compared, secret)


def shown_of(kind: str, institution, period: Period, compared: Period | None) -> Shown:
    """Of one institution: of its people nothing where one of its sides is secret among all."""
    if kind:
        return Shown(kind, compared)
    if secret_people(period).of(institution.pk):
        return Shown(other_kinds(), compared, Secret(total=True))
    few_before = compared is not None and secret_people(compared).of(institution.pk)
    return Shown("", None if few_before else compared)


def city_without_few(
    found: CityFigures, period: Period, compared: Period | None, *, kind: str,
    inside: frozenset[int] | None, secret: Secret,
) -> tuple[CityFigures, bool]:  # fmt: skip
    """The figures without what officials do not read, and whether something is left out."""
    people = set(kinds_of_people())
    found = replace(found, houses=[_without(house, secret) for house in found.houses])
    if not people & set(found.by_kind):
        return found, bool(secret)
    alone = kind in people
    few = _few(period, inside) if alone or found.by_class else Few(total=secret.total)
    rest = {
        "by_kind": {k: s for k, s in found.by_kind.items() if not (few.total and k in people)},
        "by_class": {
            (k, code): sides
            for (k, code), sides in found.by_class.items()
            if not (k in people and (few.total or code in few.classes))
        },
    }
    if alone:
        rest |= _alone(found, few, few_before=bool(compared) and _few(compared, inside).total)
        rest |= {"withheld": few.total, "by_district": _by_district(found, period, few)}
    gone = any(getattr(found, name) != rest[name] for name in rest)
    return replace(found, **rest), gone or bool(secret)


def _without(house: House, secret: Secret) -> House:
    key = house.institution.pk
    changes = {
        name: less(getattr(house, name), secret.sums[key, side])
        for name, side in (("given", GIVEN), ("received", RECEIVED))
        if (key, side) in secret.sums and not secret.total
    }
    return replace(house, **changes) if changes else house


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


def _by_district(found: CityFigures, period: Period, few: Few) -> dict[str, Sides | None]:
    """Of all its houses, those that are left out alone as well."""
    people = people_of(period)
    groups: dict[str, list[House]] = defaultdict(list)
    for house in found.houses:
        groups[code_of(house.institution)].append(house)
    return {
        code: None
        if few.total
        or any(
            given_back(people, frozenset(h.institution.pk for h in houses), side)
            for side in (GIVEN, RECEIVED)
        )
        else Sides(added(h.given for h in houses), added(h.received for h in houses))
        for code, houses in groups.items()
    }


def few_of(institution, period: Period) -> bool:
    """Whether officials read nothing of the people of an institution; None: of all the city's."""
    if institution is None:
        return _few(period, None).total
    shifts = staff_figures.of_city(period, None, frozenset({institution.pk}))
    return shifts.few or shifts.few_guests or secret_people(period).of(institution.pk)


def without_numbers(made: dict[str, Measure]) -> dict[str, Measure]:
    return {code: Measure(None, None, None, measure.unit) for code, measure in made.items()}


def _few(period: Period, inside: frozenset[int] | None) -> Few:
    found = staff_figures.of_city(period, None, inside)
    return Few(
        total=found.few or found.few_guests,
        houses=_secret(found.by_institution),
        classes=_secret(found.by_profession),
        pieces=frozenset(piece for piece, sums in found.pieces.items() if sums is None),
    )


def houses_of_few(period: Period) -> frozenset[int]:
    """The institutions of whose people officials read nothing, where people are shown alone."""
    return _few(period, None).houses


def _secret(rows) -> frozenset:
    return frozenset(row.key for row in rows if row.secret_given or row.secret_received)


def standing_without_few(
    found: Standing, institution, period: Period, *, kind: str
) -> tuple[Standing, bool]:
    """Of one institution and of people alone, as an official reads it."""
    if kind not in kinds_of_people() or not few_of(institution, period):
        return found, False
    nothing = without_numbers(found.now)
    return replace(found, by_kind={}, now=nothing, before={}, pieces={}), True
