"""A problem for the matcher while it is drawn up from the portal's rows.

Moments become minutes from the round's start, institutions their short names, needs and offers
references (``N-12``, the second unit of it ``N-12#2``; ``R-34``, ``R-34#2``).
"""

import math
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from medshare_portal.models import Institution, Site
from resources.enums import Visibility
from resources.intervals import Interval
from resources.models import Resource, ResourceAudience
from scheduling.matching import problem as matcher
from scheduling.models import Need, Proposal
from scheduling.states import Priority

SLOT = 15
MOST_UNITS = 50  # of one need that are asked one by one
REASON = "the matcher looks at every offer; a pair comes out only where the offer addresses it"
URGENCY = {
    Priority.STAT: matcher.Urgency.CRITICAL,
    Priority.ASAP: matcher.Urgency.URGENT,
    Priority.URGENT: matcher.Urgency.URGENT,
    Priority.ROUTINE: matcher.Urgency.ROUTINE,
}
MINUTE = timedelta(minutes=1)


def reference(prefix: str, pk: int, number: int = 1, of: int = 1) -> str:
    """How the matcher calls a row, or one of several equal parts of it."""
    return f"{prefix}-{pk}" if of == 1 else f"{prefix}-{pk}#{number}"


def key_of(ref: str) -> int:
    """The row that a reference stands for."""
    return int(ref.partition("#")[0].partition("-")[2])


@dataclass(kw_only=True)
class Draft:
    """``sites``: main site by institution; ``lenders``: whose offers count (None: everybody's);
    ``standing``: proposals that wait for an answer, by resource: what they take is taken;
    ``remaining``: need → how much of it nobody serves yet; ``left_out``: need → why it is no part
    of the problem; ``lists``: what the kinds add, by the names of ``Problem``.  ``only``: a further
    condition on resources; ``items``: need → the medicine that it means, where that is known;
    ``meant``: need → something that its words mean, whose name is better than they are."""

    now: datetime
    starts_at: datetime
    ends_at: datetime
    zone: ZoneInfo
    institutions: dict[int, Institution]
    sites: dict[int, Site]
    lenders: frozenset[int] | None = None
    only: Q = field(default_factory=Q)
    items: dict[int, str] = field(default_factory=dict)
    meant: dict[int, Resource] = field(default_factory=dict)
    standing: dict[int, list[Proposal]] = field(default_factory=dict)
    remaining: dict[int, int] = field(default_factory=dict)
    left_out: dict[int, str] = field(default_factory=dict)
    certificates: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    groups: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    lists: dict[str, list] = field(default_factory=lambda: defaultdict(list))

    def minute(self, moment: datetime) -> int:
        """Whole minutes from the start of the round; rounded down."""
        return (moment - self.starts_at) // MINUTE

    def late_minute(self, moment: datetime) -> int:
        """The same, rounded up."""
        return -((self.starts_at - moment) // MINUTE)

    def moment(self, minute: int) -> datetime:
        return self.starts_at + minute * MINUTE

    @property
    def minutes(self) -> int:
        return self.minute(self.ends_at)

    @property
    def last_day(self) -> date:
        return self.ends_at.astimezone(self.zone).date()

    def day(self, day: date) -> int:
        """Days from the round's first date."""
        return (day - self.starts_at.astimezone(self.zone).date()).days

    def span(self, interval: Interval) -> matcher.Interval | None:
        """The part of a time that lies within the round, inward to whole minutes."""
        first = max(self.late_minute(interval[0]), 0)
        last = min(self.minute(interval[1]), self.minutes)
        return matcher.Interval(first, last) if first < last else None

    def about(self, need: Need) -> dict:
        """What every need says to the matcher."""
        return {
            "institution": self.institutions[need.institution_id].slug,
            "urgency": URGENCY[Priority(need.priority)],
            "posted_at": min(self.minute(need.created_at), 0),
            "longest_travel_minutes": _travel_limit(need),
        }

    def window(self, need: Need) -> tuple[int, int, int] | None:
        """(earliest, latest, minutes of use) on slots: outward where the need does not move, and
        what is left of one that has begun.  None where it does not fit into the round."""
        shift = timedelta(hours=need.flexible_hours)
        earliest = max(_down(self.minute(need.starts_at - shift)), 0)
        latest = min(_up(self.late_minute(need.ends_at + shift)), self.minutes)
        asked = _up(math.ceil((need.ends_at - need.starts_at) / MINUTE))
        duration = asked if need.flexible_hours else latest - earliest
        begins_too_late = self.minute(need.starts_at) >= self.minutes
        fits = 0 < duration <= latest - earliest and not begins_too_late
        return (earliest, latest, duration) if fits else None

    def parts(self, need: Need) -> list[str]:
        """A reference for each unit that is still needed."""
        number = min(self.remaining[need.pk], MOST_UNITS)
        return [reference("N", need.pk, place + 1, need.quantity) for place in range(number)]

    def lent(self, rows):
        """Of resources in the city's view those of institutions that lend in this round."""
        places = self.sites.keys() if self.lenders is None else self.lenders & self.sites.keys()
        return rows.filter(self.only, institution__in=places)

    def address(self, resources: list[Resource]) -> dict[int, frozenset[str]]:
        """Resource → the groups to which its offer is addressed; none: to everybody.  Marks the
        institutions with the groups that they are in."""
        limited = [row.pk for row in resources if row.visibility != Visibility.ALL]
        audience = ResourceAudience.objects.everywhere(reason=REASON).filter(resource__in=limited)
        named: dict[int, set[int]] = {pk: set() for pk in limited}
        for resource, institution in audience.values_list("resource", "institution"):
            named[resource].add(institution)
        numbers: dict[frozenset[int], str] = {}
        for pk in limited:
            numbers.setdefault(frozenset(named[pk]), f"audience-{len(numbers) + 1}-{limited[0]}")
        for members, group in numbers.items():
            for institution in members:
                self.groups[institution].add(group)
        return {
            row.pk: frozenset({numbers[frozenset(named[row.pk])]} if row.pk in named else ())
            for row in resources
        }


def _travel_limit(need: Need) -> int | None:
    """Kilometres as the crow flies in minutes, by the matcher's own reckoning of travel."""
    if need.within_km is None:
        return None
    way = matcher.Parameters()
    return math.ceil(need.within_km * way.detour / way.speed_kmh * 60) + way.loading_minutes


def _down(minutes: int) -> int:
    return minutes // SLOT * SLOT


def _up(minutes: int) -> int:
    return -(-minutes // SLOT) * SLOT
