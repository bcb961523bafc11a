"""Whether a problem makes sense: ids, quantities, intervals, references, sizes.

What cannot be served is sound (it gets a reason); what contradicts itself is refused, with the
name of the field, before a formulation could stumble over it.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import pairwise
from math import isfinite

from scheduling.matching.codec import FormatError
from scheduling.matching.problem import (
    DAY,
    IN_PARTS,
    MOST_INTERVALS,
    NEEDS,
    OFFERS,
    VERSION,
    WEEK,
    Institution,
    Interval,
    KeptMatch,
    Kind,
    Match,
    Problem,
)
from scheduling.matching.rule_codes import KNOWN

MOST_INSTITUTIONS = 2_000  # the travel arrays are square
MOST_ROWS = 200_000  # needs or offers of one kind
LONGEST_HORIZON = 62 * DAY
FURTHEST = 100 * 366 * DAY  # minutes from moment 0, either way
MOST_PACKS = 10**9
MOST_VALUE = 10**9


def validate(problem: Problem) -> None:
    """Raises ``FormatError`` at the first fault."""
    if problem.version != VERSION:
        raise FormatError("version", "version", f"is {problem.version}; this solver has {VERSION}")
    _sizes(problem)
    _use_limits(problem)
    _horizon(problem)
    _institutions(problem.institutions)
    _travel(problem)
    _parameters(problem)
    for code in sorted(problem.lifted - KNOWN):
        raise _fault("lifted", "choice", f"“{code}” is the code of no pairwise rule")
    known = frozenset(row.id for row in problem.institutions)
    for name, check in ROWS.items():
        rows = getattr(problem, name)
        _ids(rows, name)
        for place, row in enumerate(rows):
            where = f"{name}[{place}]"
            if row.institution not in known:
                raise _fault(f"{where}.institution", "reference", "is no known institution")
            check(row, where, known)
    _references(problem)


def _fault(field: str, code: str, message: str) -> FormatError:
    return FormatError(field, code, message)


def _within(value: float, least: float, most: float, field: str) -> None:
    if not isfinite(value) or not least <= value <= most:
        raise _fault(field, "range", f"is {value}; it must lie within {least} to {most}")


def _sizes(problem: Problem) -> None:
    for name in (*ROWS, "kept", "previous", "struck", "use_limits"):
        _within_count(len(getattr(problem, name)), MOST_ROWS, name)
    _within_count(len(problem.institutions), MOST_INSTITUTIONS, "institutions")


def _within_count(count: int, most: int, field: str) -> None:
    if count > most:
        raise _fault(field, "too_many", f"has {count} entries, at most {most} are allowed")


def _ids(rows: Iterable, name: str) -> None:
    seen: set[str] = set()
    for place, row in enumerate(rows):
        if not row.id:
            raise _fault(f"{name}[{place}].id", "empty", "is empty")
        if row.id in seen:
            raise _fault(f"{name}[{place}].id", "twice", f"“{row.id}” stands twice")
        seen.add(row.id)


def _horizon(problem: Problem) -> None:
    horizon = problem.horizon
    _within(horizon.slot, 1, DAY, "horizon.slot")
    _within(horizon.minutes, horizon.slot, LONGEST_HORIZON, "horizon.minutes")
    _within(horizon.week_starts_at, -WEEK + 1, 0, "horizon.week_starts_at")
    try:
        moment = datetime.fromisoformat(horizon.starts_at)
    except ValueError:
        raise _fault("horizon.starts_at", "moment", "is no ISO 8601 moment") from None
    if moment.tzinfo is None:
        raise _fault("horizon.starts_at", "moment", "lacks its offset from UTC")


def _institutions(rows: tuple[Institution, ...]) -> None:
    _ids(rows, "institutions")
    for place, row in enumerate(rows):
        where = f"institutions[{place}]"
        _within(row.latitude, -90, 90, f"{where}.latitude")
        _within(row.longitude, -180, 180, f"{where}.longitude")
        if row.licensed_to is not None:
            _within(row.licensed_to, -36_600, 36_600, f"{where}.licensed_to")
        for kind in Kind:
            asked = row.history_asked.get(kind, 0.0)
            _within(asked, 0, 1e9, f"{where}.history_asked.{kind.value}")
            met = row.history_met.get(kind, 0.0)
            _within(met, 0, asked, f"{where}.history_met.{kind.value}")


def _travel(problem: Problem) -> None:
    if problem.travel is None:
        return
    size = len(problem.institutions)
    for name, most in (("minutes", 7 * DAY), ("kilometres", 50_000)):
        rows = getattr(problem.travel, name)
        if len(rows) != size or any(len(row) != size for row in rows):
            raise _fault(f"travel.{name}", "shape", f"must be {size} rows of {size}")
        for place, row in enumerate(rows):
            for other, value in enumerate(row):
                _within(value, 0, most, f"travel.{name}[{place}][{other}]")


def _parameters(problem: Problem) -> None:
    given = problem.parameters
    limits = {
        "rest_minutes": (0, 7 * DAY),
        "fairness": (0, 1),
        "equity_offset": (0.001, 10),
        "waste_days": (1, 3_660),
        "waste_weight": (0, 100),
        "distance_weight": (0, 100),
        "stability_weight": (0, 100),
        "detour": (1, 10),
        "speed_kmh": (1, 1_000),
        "loading_minutes": (0, DAY),
    }
    for name, (least, most) in limits.items():
        _within(getattr(given, name), least, most, f"parameters.{name}")
    for place, weight in enumerate(given.weights):
        _within(weight, 1, 10_000, f"parameters.weights[{place}]")
    if not given.weights[0] >= given.weights[1] >= given.weights[2]:
        raise _fault("parameters.weights", "order", "must not grow from critical to routine")


def _interval(starts_at: int, ends_at: int, where: str) -> None:
    _within(starts_at, -FURTHEST, FURTHEST, f"{where}.starts_at")
    _within(ends_at, -FURTHEST, FURTHEST, f"{where}.ends_at")
    if ends_at <= starts_at:
        raise _fault(f"{where}.ends_at", "interval", "must be after starts_at")


def _intervals(intervals: tuple[Interval, ...], where: str) -> None:
    """Not empty, and without overlap; touching ones are two."""
    _within_count(len(intervals), MOST_INTERVALS, where)
    for place, interval in enumerate(intervals):
        _interval(interval.starts_at, interval.ends_at, f"{where}[{place}]")
    order = sorted(range(len(intervals)), key=lambda place: intervals[place].starts_at)
    for before, after in pairwise(order):
        if intervals[after].starts_at < intervals[before].ends_at:
            raise _fault(f"{where}[{after}]", "overlap", f"overlaps {where}[{before}]")


def _unit(row, where: str, known: frozenset[str]) -> None:
    _within(row.cleaning_minutes, 0, 7 * DAY, f"{where}.cleaning_minutes")
    _intervals(row.windows, f"{where}.windows")


def _lot(row, where: str, known: frozenset[str]) -> None:
    _within(row.packs, 1, MOST_PACKS, f"{where}.packs")
    _within(row.value_per_pack, 0, MOST_VALUE, f"{where}.value_per_pack")
    _within(row.expiry_day, -36_600, 36_600, f"{where}.expiry_day")
    _within(row.arrival_day, 0, 36_600, f"{where}.arrival_day")
    _within(row.arrival_life_days, 0, 36_600, f"{where}.arrival_life_days")
    if row.longest_cold_minutes is not None:
        _within(row.longest_cold_minutes, 0, 7 * DAY, f"{where}.longest_cold_minutes")


def _person(row, where: str, known: frozenset[str]) -> None:
    _within(row.weekly_cap_minutes, 0, WEEK, f"{where}.weekly_cap_minutes")
    _within(row.longest_travel_minutes, 0, 7 * DAY, f"{where}.longest_travel_minutes")
    for place, minutes in enumerate(row.other_minutes):
        _within(minutes, 0, WEEK, f"{where}.other_minutes[{place}]")
    _intervals(row.available, f"{where}.available")
    _intervals(row.own_shifts, f"{where}.own_shifts")
    if not row.approved_at <= known:
        unknown = sorted(row.approved_at - known)[0]
        raise _fault(f"{where}.approved_at", "reference", f"“{unknown}” is no known institution")


def _asked(row, where: str) -> None:
    _within(row.posted_at, -FURTHEST, FURTHEST, f"{where}.posted_at")
    if row.longest_travel_minutes is not None:
        _within(row.longest_travel_minutes, 0, 7 * DAY, f"{where}.longest_travel_minutes")


def _equipment_need(row, where: str, known: frozenset[str]) -> None:
    _asked(row, where)
    _within(row.earliest, -FURTHEST, FURTHEST, f"{where}.earliest")
    _within(row.latest, -FURTHEST, FURTHEST, f"{where}.latest")
    _within(row.duration_minutes, 1, LONGEST_HORIZON, f"{where}.duration_minutes")
    if row.latest < row.earliest + row.duration_minutes:
        raise _fault(f"{where}.latest", "interval", "leaves no room for duration_minutes")


def _medicine_need(row, where: str, known: frozenset[str]) -> None:
    _asked(row, where)
    _within(row.packs, 1, MOST_PACKS, f"{where}.packs")
    _within(row.by_day, -36_600, 36_600, f"{where}.by_day")
    _within(row.minimum_life_days, 0, 36_600, f"{where}.minimum_life_days")


def _staff_need(row, where: str, known: frozenset[str]) -> None:
    _asked(row, where)
    _interval(row.starts_at, row.ends_at, where)
    _within(row.ends_at - row.starts_at, 1, 7 * DAY, f"{where}.ends_at")


ROWS: dict[str, Callable] = {
    "units": _unit,
    "lots": _lot,
    "people": _person,
    "equipment_needs": _equipment_need,
    "medicine_needs": _medicine_need,
    "staff_needs": _staff_need,
}


def _references(problem: Problem) -> None:
    """Kept matches name what there is; previous and struck ones may name what is gone."""
    kind_of_need = _kinds(problem, NEEDS)
    kind_of_offer = _kinds(problem, OFFERS)
    timed: set[str] = set()
    for place, kept in enumerate(problem.kept):
        where = f"kept[{place}].match"
        _kept(kept, where, kind_of_need, kind_of_offer)
        if kind_of_need[kept.match.need] not in IN_PARTS:
            _once(kept.match, where, timed)


def _use_limits(problem: Problem) -> None:
    seen: set[tuple[str, str]] = set()
    for place, row in enumerate(problem.use_limits):
        where, pair = f"use_limits[{place}]", (row.institution, row.lot)
        _within(row.packs, 0, MOST_PACKS, f"{where}.packs")
        if pair in seen:
            raise _fault(where, "twice", "names an institution and a lot a second time")
        seen.add(pair)


def _once(match: Match, where: str, seen: set[str]) -> None:
    """A use or a shift has one time, and one offer that serves it."""
    if match.starts_at is None:
        raise _fault(f"{where}.starts_at", "missing", "is missing")
    if match.need in seen:
        raise _fault(f"{where}.need", "twice", f"“{match.need}” is kept twice")
    seen.add(match.need)


def _kinds(problem: Problem, names: dict[Kind, str]) -> dict[str, Kind]:
    found: dict[str, Kind] = {}
    for kind, name in names.items():
        for place, row in enumerate(getattr(problem, name)):
            if row.id in found:
                raise _fault(f"{name}[{place}].id", "twice", f"“{row.id}” is of two kinds")
            found[row.id] = kind
    return found


def _kept(kept: KeptMatch, where: str, kind_of_need: dict, kind_of_offer: dict) -> None:
    match = kept.match
    if match.need not in kind_of_need:
        raise _fault(f"{where}.need", "reference", "is no known need")
    if kind_of_offer.get(match.offer) != kind_of_need[match.need]:
        raise _fault(f"{where}.offer", "reference", "is no known offer of the need's kind")
    _within(match.quantity, 1, MOST_PACKS, f"{where}.quantity")
    if (match.starts_at is None) != (match.ends_at is None):
        raise _fault(f"{where}.ends_at", "interval", "and starts_at go together")
    if match.starts_at is not None:
        _interval(match.starts_at, match.ends_at, where)
