"""Who looked at shared information, in numbers; broken glass and how soon it was reviewed.

No person is named here.  Of the looks officials read sums only: the log itself is its owner's.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median

from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from reports.periods import Period, piece_of
from reports.queries import numbers
from reports.queries.figures import Sums, grouped
from reports.queries.scores import NOTHING
from scheduling.enums_information import Decision
from scheduling.models import AccessEvent, AccessGrant

INFORMATION, GIVEN = "information", "owner"
REASON = "sums of looks per day and rule, for officials; no look comes out"
MOST_OPEN = 100


@dataclass(frozen=True, kw_only=True)
class Looks:
    """Let through, refused and in an emergency; ``pieces``: (let through, refused)."""

    permitted: int
    refused: int
    emergency: int
    pieces: dict[date, tuple[int, int]]
    by_rule: dict[str, int]
    by_purpose: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class Glass:
    """Opened in the period: reviewed in time, late, still within its time, overdue."""

    opened: int
    in_time: int
    late: int
    within_time: int
    overdue: int
    hours: list[float]  # to the review
    open: list[AccessGrant]  # now, whenever it was opened; the longest due first
    more: bool

    @property
    def median_hours(self) -> float | None:
        return median(self.hours) if self.hours else None


@dataclass(frozen=True, kw_only=True)
class Grants:
    """``sums`` of what was asked; how those that ended came to their end."""

    sums: Sums
    before: Sums | None
    ended: dict[str, int]


def moments_of(period: Period) -> tuple[datetime, datetime]:
    """Of the days on the city's clock."""
    first = timezone.make_aware(datetime.combine(period.first, time()))
    return first, timezone.make_aware(datetime.combine(period.last + timedelta(days=1), time()))


def looks(institution, period: Period, inside: frozenset[int] | None = None) -> Looks:
    """``institution`` None: of the city, or of those ``inside``.  Three statements."""
    first, until = moments_of(period)
    if institution is None:
        rows = AccessEvent.objects.everywhere(reason=REASON)
    else:
        rows = AccessEvent.objects.owned_by(institution)
    rows = rows.filter(at__gte=first, at__lt=until).order_by()
    if inside is not None:
        rows = rows.filter(institution__in=inside)
    days = rows.annotate(day=TruncDate("at")).values_list("day", "decision", "break_glass")
    pieces: dict[date, list[int]] = {}
    emergency = 0
    for day, decision, glass, number in days.annotate(n=Count("pk")):
        piece = pieces.setdefault(piece_of(day, period.step), [0, 0])
        piece[decision == Decision.DENY] += number
        emergency += number if glass and decision == Decision.PERMIT else 0
    return Looks(
        permitted=sum(yes for yes, _no in pieces.values()),
        refused=sum(no for _yes, no in pieces.values()),
        emergency=emergency,
        pieces={piece: (yes, no) for piece, (yes, no) in pieces.items()},
        by_rule=_counts(rows.filter(decision=Decision.DENY), "rule"),
        by_purpose=_counts(rows, "purpose"),
    )


def _counts(rows, name: str) -> dict[str, int]:
    found = rows.values_list(name).annotate(n=Count("pk"))
    return dict(sorted(found, key=lambda row: (-row[1], row[0])))


def glass(grants, period: Period, *, now: datetime) -> Glass:
    """``grants``: a scoped queryset.  Two statements."""
    first, until = moments_of(period)
    broken = grants.filter(break_glass=True)
    rows = broken.filter(
        sharing_request__submitted_at__gte=first, sharing_request__submitted_at__lt=until
    ).values_list("sharing_request__submitted_at", "reviewed_at", "review_due_at")
    found = {"in_time": 0, "late": 0, "within_time": 0, "overdue": 0}
    hours = []
    for opened, reviewed, due in rows:
        found[_sort_of(reviewed, due, now)] += 1
        if reviewed:
            hours.append((reviewed - opened).total_seconds() / 3600)
    waiting = broken.to_review().select_related(
        "sharing_request__owner", "sharing_request__borrower", "sharing_request__resource"
    )
    waiting = list(waiting.order_by("review_due_at", "pk")[: MOST_OPEN + 1])
    return Glass(
        opened=sum(found.values()),
        hours=hours,
        open=waiting[:MOST_OPEN],
        more=len(waiting) > MOST_OPEN,
        **found,
    )


def _sort_of(reviewed, due, now: datetime) -> str:
    if reviewed:
        return "in_time" if reviewed <= due else "late"
    return "within_time" if due > now else "overdue"


def grants(rows, of_grants, period: Period, compared: Period | None, **narrowed) -> Grants:
    """``rows``: scoped numbers of days, ``of_grants``: scoped grants.  Three statements."""
    these = {"kind": INFORMATION, "side": GIVEN} | narrowed
    first, until = moments_of(period)
    ended = of_grants.filter(
        ~Q(end_reason=""),
        sharing_request__actual_ends_at__gte=first,
        sharing_request__actual_ends_at__lt=until,
    ).order_by()
    return Grants(
        sums=_total(rows, period, these),
        before=_total(rows, compared, these) if compared else None,
        ended=_counts(ended, "end_reason"),
    )


def _total(rows, period: Period, these) -> Sums:
    found = grouped(rows, period.first, period.last, by=(), **these)
    return found[0][1] if found else NOTHING


def scopes_of(institution, inside: frozenset[int] | None):
    """(numbers of days, grants) of an institution, of the city or of a district."""
    if institution is not None:
        return numbers.of(institution), AccessGrant.objects.owned_by(institution)
    rows, found = numbers.of_city(inside), AccessGrant.objects.in_city_view()
    if inside is not None:
        found = found.filter(sharing_request__owner__in=inside)
    return rows, found
