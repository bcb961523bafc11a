"""Whose figures of people rest on so few that sums over kinds leave them out for officials: with
the other kinds beside them, the sum would give them back."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import F, Q

from medshare_portal.models import Institution
from reports.actions.people_days import bits
from reports.charts.small import FEWEST_PEOPLE, hidden
from reports.models import PeopleOfMonth
from reports.periods import Period
from reports.queries import numbers
from reports.queries.districts import code_of
from reports.queries.figures import Sums, grouped
from reports.rollups.columns import SCORED
from resources.kinds import kinds_of_people

GIVEN, RECEIVED = "owner", "borrower"
Key = tuple[int, str]  # institution, side


@dataclass(frozen=True)
class Secret:
    """``total``: all people together, lent or borrowed, are too few; ``sums``: those of one side
    of an institution."""

    total: bool = False
    sums: dict[Key, Sums] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.total or bool(self.sums)

    def of(self, institution: int) -> bool:
        return any((institution, side) in self.sums for side in (GIVEN, RECEIVED))

    def used(self, institution: int, side: str) -> float:
        sums = self.sums.get((institution, side))
        return sums.hours.used if sums else 0.0


def secret_people(period: Period, inside: frozenset[int] | None = None) -> Secret:
    """Two statements, or one where no person was shared; bounded by people and months."""
    narrowed = {} if inside is None else {"institution_key": inside}
    sums = dict(
        grouped(
            numbers.of_city(), period.first, period.last, by=("institution_key", "side"),
            only=SCORED, kind=kinds_of_people(), **narrowed,
        )
    )  # fmt: skip
    if not sums:
        return Secret()
    people = people_of(period)
    secret: dict[Key, Sums] = {}
    for side in (GIVEN, RECEIVED):
        keys = sorted(key for key in sums if key[1] == side)
        places = hidden([_known(people.get(key, ()), sums[key]) for key in keys])
        secret |= {keys[place]: sums[keys[place]] for place in places}
    total = any(_few(people, sums, side) for side in (GIVEN, RECEIVED))
    if inside is not None:
        total |= any(given_back(people, inside, side) for side in (GIVEN, RECEIVED))
    return Secret(total=total, sums=secret)


def _known(people, sums: Sums) -> int:
    """Hours that nobody is known of are one person's."""
    return len(people) or int(sums.hours.used > 0)


def _few(people: dict[Key, set[int]], sums: dict[Key, Sums], side: str) -> bool:
    houses = [key for key in sums if key[1] == side]
    persons = set().union(*(people.get(key, set()) for key in houses))
    used = any(sums[key].hours.used > 0 for key in houses)
    return 0 < (len(persons) or int(used)) < FEWEST_PEOPLE


def given_back(people: dict[Key, set[int]], inside: frozenset[int], side: str) -> bool:
    """Whether the city less its other districts would give the people of this one back, or this
    one those of another: beside a district of few a second one is not shown."""
    districts: dict[str, set[int]] = defaultdict(set)
    for row in Institution.objects.directory().only("pk", "district_en", "district_zh"):
        districts[code_of(row)].add(row.pk)
    codes = sorted(districts)
    behind = [_together(people, districts[code], side) for code in codes]
    secret = hidden([len(persons) for persons in behind])
    return any(districts[codes[place]] == inside for place in secret)


def _together(people: dict[Key, set[int]], houses, side: str) -> set[int]:
    return set().union(*(people.get((house, side), ()) for house in houses))


def people_of(period: Period) -> dict[Key, set[int]]:
    """The people whose shares ended in a period, by institution and side."""
    rows = PeopleOfMonth.objects.in_city_view().filter(_on_days(period)).order_by()
    found: dict[Key, set[int]] = defaultdict(set)
    values = rows.annotate(**_marked(period)).filter(_marked_days(period))
    for institution, side, person in values.values_list("institution_key", "side", "person_key"):
        found[institution, side].add(person)
    return found


def _on_days(period: Period) -> Q:
    return Q(month__range=(period.first.replace(day=1), period.last))


def _marked(period: Period) -> dict:
    """Of the months at the ends only their days in the period count."""
    ends = {period.first.replace(day=1), period.last.replace(day=1)}
    masks = {month: bits(month, period.first, period.last) for month in ends}
    return {f"days_{month:%Y%m}": F("days").bitand(mask) for month, mask in masks.items()}


def _marked_days(period: Period) -> Q:
    ends = {period.first.replace(day=1), period.last.replace(day=1)}
    found = ~Q(month__in=ends)
    for month in ends:
        found |= Q(**{"month": month, f"days_{month:%Y%m}__gt": 0})
    return found
