"""Hours of people lent and borrowed, rules passed over and credentials: never of a few persons.

A cell that rests on fewer than five people is not shown; how many stand behind it is counted from
the facts of use.  Bounded by the shifts of the period.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from reports.charts.small import FEWEST_PEOPLE, hidden
from reports.models import UsageFact
from reports.periods import Period, piece_of
from reports.queries import numbers
from reports.queries.figures import Sums, grouped
from reports.queries.scores import NOTHING, added
from reports.queries.secret_people import given_back, people_of
from resources.models import Credential
from scheduling.states import State

STAFF, GIVEN, RECEIVED, ASKED = "staff", "owner", "borrower", "asked"


@dataclass(frozen=True, kw_only=True)
class Row:
    """Of an institution or a profession; ``lenders``: people who were lent, ``guests``: who came.
    What rests on too few of them, or of those who were asked for, is ``secret``."""

    key: object
    given: Sums
    received: Sums
    lenders: int
    guests: int
    secret_given: bool = False
    secret_received: bool = False
    secret_asked: bool = False

    @property
    def hours(self) -> float:
        """Confirmed by both sides, as in the list of all figures."""
        return self.given.hours.confirmed + self.received.hours.confirmed


@dataclass(frozen=True, kw_only=True)
class Shifts:
    """``people`` were lent, ``guests`` came and ``asked`` were asked for: different ones.
    ``given_back``: the sides of a district that the other districts would give back."""

    given: Sums
    received: Sums
    before: tuple[Sums | None, Sums | None]  # None: nothing compared, or of too few people
    pieces: dict[date, Sums | None]  # None: of too few people
    by_institution: list[Row]
    by_profession: list[Row]
    people: int
    guests: int
    asked: int
    given_back: frozenset[str] = frozenset()

    @property
    def few(self) -> bool:
        return _few(self.people, self.given) or GIVEN in self.given_back

    @property
    def few_guests(self) -> bool:
        return _few(self.guests, self.received) or RECEIVED in self.given_back

    @property
    def few_asked(self) -> bool:
        return self.few_guests or 0 < self.asked < FEWEST_PEOPLE


def _known(people: int, sums: Sums) -> int:
    """Hours that no fact says anything of are one person's."""
    return people or int(sums.hours.confirmed > 0)


def _few(people: int, sums: Sums) -> bool:
    return 0 < _known(people, sums) < FEWEST_PEOPLE


def of_city(period: Period, compared: Period | None, inside: frozenset[int] | None) -> Shifts:
    narrowed = {} if inside is None else {"institution_key": inside}
    found = _shifts(numbers.of_city(), _facts_of_city(inside), period, compared,
                    narrowed, own=None)  # fmt: skip
    if inside is None:
        return found
    people = people_of(period)
    sides = frozenset(side for side in (GIVEN, RECEIVED) if given_back(people, inside, side))
    return replace(found, given_back=sides)


def of_institution(institution, period: Period, compared: Period | None) -> Shifts:
    """It sees its own people in full; of its guests no fewer than five."""
    rows = numbers.of(institution)
    facts = {
        GIVEN: UsageFact.objects.given_by(institution),
        RECEIVED: UsageFact.objects.received_by(institution),
    }
    return _shifts(rows, facts, period, compared, {}, own=institution)


def _facts_of_city(inside: frozenset[int] | None) -> dict[str, object]:
    rows = UsageFact.objects.in_city_view()
    if inside is None:
        return {GIVEN: rows, RECEIVED: rows}
    return {
        GIVEN: rows.filter(owner_key__in=inside),
        RECEIVED: rows.filter(borrower_key__in=inside),
    }


def _shifts(rows, facts, period: Period, compared, narrowed, *, own) -> Shifts:
    these = {"kind": STAFF} | narrowed
    found = grouped(
        rows, period.first, period.last, by=("institution_key", "category_code", "side"), **these
    )
    pieces = grouped(rows, period.first, period.last, by=(period.step,), side=GIVEN, **these)
    people, owners = {}, {key for (key, _code, _side), _sums in found}
    for side in (GIVEN, RECEIVED):
        people[side], people[ASKED] = _people(facts[side], side, owners, period)
    by_piece = {} if own is not None else _by_piece(facts[GIVEN], owners, period)
    return Shifts(
        given=added(sums for (_k, _c, side), sums in found if side == GIVEN),
        received=added(sums for (_k, _c, side), sums in found if side == RECEIVED),
        before=_before(rows, compared, these, own) if compared else (None, None),
        pieces={key: sums for (key,), sums in pieces}
        if own is not None
        else _shown(pieces, by_piece),
        by_institution=_rows(found, people, 0, own=own is not None),
        by_profession=_rows(found, people, 1, own=own is not None),
        people=len(set().union(*people[GIVEN].values())),
        guests=len(set().union(*people[RECEIVED].values())),
        asked=len(set().union(*people[ASKED].values())),
    )


def _before(rows, compared: Period, these, own) -> tuple[Sums | None, Sums | None]:
    """A difference to a number of few people would give that number back."""
    sides = dict(grouped(rows, compared.first, compared.last, by=("side",), **these))
    inside = these.get("institution_key") if own is None else {own.pk}
    found = people_of(compared)
    known = {
        side: set().union(
            *(
                persons
                for (house, where), persons in found.items()
                if where == side and (inside is None or house in inside)
            )
        )
        for side in (GIVEN, RECEIVED)
    }
    given, received = (sides.get((side,), NOTHING) for side in (GIVEN, RECEIVED))
    return (
        None if own is None and _few(len(known[GIVEN]), given) else given,
        None if _few(len(known[RECEIVED]), received) else received,
    )


def _ended(facts, owners: set[int], period: Period, side: str) -> Iterator[tuple]:
    """(institution, profession, person, day, whether it was worked): hours count on the day on
    which a shift was closed.

    The index of the facts is by institution and last day.
    """
    rows = facts.current().filter(
        **{f"{side}_key__in": owners},
        kind=STAFF,
        last_day__gte=period.first, first_day__lte=period.last,
    )  # fmt: skip
    values = rows.values_list(
        f"{side}_key", "category_code", "resource_key", "ended_at", "time_zone", "state"
    )
    for institution, code, person, ended, zone, state in values:
        day = ended.astimezone(ZoneInfo(zone)).date()
        if period.first <= day <= period.last:
            yield institution, code, person, day, state == State.CLOSED


People = dict[tuple, set[int]]  # (institution, profession) → those behind it


def _people(facts, side: str, owners: set[int], period: Period) -> tuple[People, People]:
    """Whose shifts were worked, and who was asked for."""
    worked, asked = defaultdict(set), defaultdict(set)
    for institution, code, person, _day, closed in _ended(facts, owners, period, side):
        asked[institution, code].add(person)
        if closed:
            worked[institution, code].add(person)
    return worked, asked


def _by_piece(facts, owners: set[int], period: Period) -> dict[date, set[int]]:
    """Who stands behind each piece of the period."""
    found: dict[date, set[int]] = defaultdict(set)
    for _institution, _code, person, day, closed in _ended(facts, owners, period, GIVEN):
        if closed:
            found[piece_of(day, period.step)].add(person)
    return found


def _shown(pieces, by_piece: dict[date, set[int]]) -> dict[date, Sums | None]:
    secret = hidden([_known(len(by_piece.get(piece, ())), sums) for (piece,), sums in pieces])
    return {
        piece: None if place in secret else sums for place, ((piece,), sums) in enumerate(pieces)
    }


def _rows(found, people, place: int, *, own: bool) -> list[Row]:
    """By one part of the key, the most hours first; what is secret is marked."""
    sums: dict[object, dict[str, list[Sums]]] = defaultdict(lambda: defaultdict(list))
    for key, part in found:
        sums[key[place]][key[2]].append(part)
    behind = {side: _together(people[side], place) for side in (GIVEN, RECEIVED)}
    asked = _together(people[ASKED], place)
    keys = sorted(sums, key=str)
    secret = {
        side: hidden(
            [_known(len(behind[side].get(key, ())), added(sums[key][side])) for key in keys]
        )
        for side in behind
    }
    secret[ASKED] = secret[RECEIVED] | hidden([len(asked.get(key, ())) for key in keys])
    rows = [
        Row(
            key=key,
            given=added(sums[key][GIVEN]),
            received=added(sums[key][RECEIVED]),
            lenders=len(behind[GIVEN].get(key, ())),
            guests=len(behind[RECEIVED].get(key, ())),
            secret_given=number in secret[GIVEN] and not own,
            secret_received=number in secret[RECEIVED],
            secret_asked=number in secret[ASKED] and not own,
        )
        for number, key in enumerate(keys)
    ]
    return sorted(rows, key=lambda r: (-r.hours, str(r.key)))


def _together(people: dict[tuple, set[int]], place: int) -> dict[object, set[int]]:
    found: dict[object, set[int]] = defaultdict(set)
    for key, persons in people.items():
        found[key[place]] |= persons
    return found


@dataclass(frozen=True)
class Papers:
    """Credentials of offered people: in date, all, and of how many persons."""

    valid: int
    all: int
    people: int


def credentials(people, today: date) -> Papers:
    """``people``: a scoped queryset of resources; as it is now."""
    valid = Q(valid_until__isnull=True) | Q(valid_until__gte=today)
    rows = Credential.objects.of_visible(people.filter(kind=STAFF))
    found = rows.aggregate(
        all=Count("pk"), valid=Count("pk", filter=valid), people=Count("resource", distinct=True)
    )
    return Papers(found["valid"], found["all"], found["people"])
