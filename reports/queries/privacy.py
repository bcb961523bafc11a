"""How broken glass was reviewed, and what became of what was asked: sums for officials, of which
those of fewer than five people are left out, and what still waits for its review.

No person is named here.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from statistics import median

from django.db.models import Count, Q
from django.utils import timezone

from reports.charts.small import FEWEST_PEOPLE, hidden
from reports.periods import Period
from reports.queries import numbers
from reports.queries.figures import Sums, grouped
from reports.queries.scores import NOTHING
from scheduling.models import AccessGrant
from scheduling.states import State

INFORMATION, GIVEN = "information", "owner"
MOST_OPEN = 100
SORTS = ("in_time", "late", "within_time", "overdue")


@dataclass(frozen=True, kw_only=True)
class Glass:
    """Opened in the period, by how it was reviewed (``SORTS``); None: of too few people."""

    opened: int | None
    sorts: dict[str, int | None]
    hours: list[float]  # to the review
    open: list[AccessGrant]  # now, whenever it was opened; the longest due first
    more: bool

    @property
    def median_hours(self) -> float | None:
        return median(self.hours) if self.hours else None


@dataclass(frozen=True, kw_only=True)
class Grants:
    """``sums`` of what was asked, None where they tell of too few people; how those that ended
    came to their end."""

    sums: Sums | None
    before: Sums | None
    ended: dict[str, int | None]


def moments_of(period: Period) -> tuple[datetime, datetime]:
    """Of the days on the city's clock."""
    first = timezone.make_aware(datetime.combine(period.first, time()))
    return first, timezone.make_aware(datetime.combine(period.last + timedelta(days=1), time()))


def glass(grants, period: Period, *, now: datetime, few: int = FEWEST_PEOPLE) -> Glass:
    """``grants``: a scoped queryset.  Two statements."""
    first, until = moments_of(period)
    broken = grants.filter(break_glass=True)
    rows = list(
        broken.filter(
            sharing_request__submitted_at__gte=first, sharing_request__submitted_at__lt=until
        ).values_list("sharing_request__submitted_at", "reviewed_at", "review_due_at", "person")
    )
    sorts: dict[str, list[int]] = {name: [] for name in SORTS}
    for _opened, reviewed, due, person in rows:
        sorts[_sort_of(reviewed, due, now)].append(person)
    secret = hidden([len(set(people)) for people in sorts.values()], few)
    shown = not 0 < len({row[3] for row in rows}) < few
    reviewed = {row[3] for row in rows if row[1]}
    waiting = broken.to_review().select_related(
        "sharing_request__owner", "sharing_request__borrower", "sharing_request__resource"
    )
    waiting = list(waiting.order_by("review_due_at", "pk")[: MOST_OPEN + 1])
    return Glass(
        opened=len(rows) if shown else None,
        sorts={
            name: None if place in secret else len(people)
            for place, (name, people) in enumerate(sorts.items())
        },
        hours=[(r - at).total_seconds() / 3600 for at, r, _due, _who in rows if r]
        if len(reviewed) >= few
        else [],
        open=waiting[:MOST_OPEN],
        more=len(waiting) > MOST_OPEN,
    )


def _sort_of(reviewed, due, now: datetime) -> str:
    if reviewed:
        return "in_time" if reviewed <= due else "late"
    return "within_time" if due > now else "overdue"


def grants(
    rows, of_grants, period: Period, compared: Period | None, *, few: int = FEWEST_PEOPLE,
    **narrowed,
) -> Grants:  # fmt: skip
    """``rows``: scoped numbers of days, ``of_grants``: scoped grants.  Three statements, and one
    more for each period of which few people are left out."""
    these = {"kind": INFORMATION, "side": GIVEN} | narrowed
    first, until = moments_of(period)
    ended = of_grants.filter(
        ~Q(end_reason=""),
        sharing_request__actual_ends_at__gte=first,
        sharing_request__actual_ends_at__lt=until,
    ).order_by()
    counted = sorted(
        ended.values_list("end_reason").annotate(
            n=Count("pk"), people=Count("person", distinct=True)
        ),
        key=lambda row: (-row[1], row[0]),
    )
    secret = hidden([people for _why, _number, people in counted], few)
    return Grants(
        sums=_total(rows, of_grants, period, these, few),
        before=_total(rows, of_grants, compared, these, few) if compared else None,
        ended={
            why: None if place in secret else number
            for place, (why, number, _people) in enumerate(counted)
        },
    )


def _total(rows, of_grants, period: Period, these, few: int) -> Sums | None:
    if few > 1 and _few_decided(of_grants, period, few):
        return None
    found = grouped(rows, period.first, period.last, by=(), **these)
    return found[0][1] if found else NOTHING


def _few_decided(of_grants, period: Period, few: int) -> bool:
    """Whether those who were let, or those who were not, are too few."""
    first, until = moments_of(period)
    decided = of_grants.filter(
        sharing_request__decided_at__gte=first, sharing_request__decided_at__lt=until
    )
    no = Q(sharing_request__state=State.DECLINED)
    found = decided.aggregate(
        no=Count("person", distinct=True, filter=no),
        yes=Count("person", distinct=True, filter=~no),
    )
    return any(0 < people < few for people in found.values())


def scopes_of(institution, inside: frozenset[int] | None):
    """(numbers of days, grants) of an institution, of the city or of a district."""
    if institution is not None:
        return numbers.of(institution), AccessGrant.objects.owned_by(institution)
    rows, found = numbers.of_city(inside), AccessGrant.objects.in_city_view()
    if inside is not None:
        found = found.filter(sharing_request__owner__in=inside)
    return rows, found
