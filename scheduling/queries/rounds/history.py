"""How institutions fared in the last ninety days, so that fairness looks beyond one round."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.db.models.functions import TruncDate

from scheduling.matching.problem import Kind, Parameters
from scheduling.models import SharingRequest
from scheduling.queries.rounds.draft import URGENCY
from scheduling.states import Priority, State

REASON = "weighted sums per institution; only the matcher sees them"
LOOKS_BACK = timedelta(days=90)
HALF_LIFE_DAYS = 30
MATCHED = {kind.value for kind in Kind}

ByKind = dict[int, dict[Kind, float]]


def history(*, now: datetime) -> tuple[ByKind, ByKind]:
    """(met, asked): institution → kind → decayed weight of what it asked for and what of it was
    booked.  One statement; as many rows as days, institutions and urgencies."""
    met: ByKind = defaultdict(lambda: defaultdict(float))
    asked: ByKind = defaultdict(lambda: defaultdict(float))
    weights = Parameters()
    for borrower, kind, priority, day, number, booked in _rows(now):
        age = (now.date() - day).days
        weight = weights.weight(URGENCY[Priority(priority)]) * 0.5 ** (age / HALF_LIFE_DAYS)
        asked[borrower][Kind(kind)] += weight * number
        met[borrower][Kind(kind)] += weight * booked
    return _rounded(met), _rounded(asked)


def _rows(now: datetime):
    rows = SharingRequest.objects.everywhere(reason=REASON).filter(
        kind__in=MATCHED, submitted_at__gte=now - LOOKS_BACK, submitted_at__lt=now
    )
    # What ended because its borrower went another way says nothing of how it was served.
    rows = rows.exclude(state__in=[State.HELD, State.WITHDRAWN, *State.PENDING])
    return (
        rows.annotate(day=TruncDate("submitted_at"))
        .values_list("borrower", "kind", "priority", "day")
        .annotate(number=Count("pk"), booked=Count("pk", filter=Q(state__in=State.BOOKED)))
        .order_by("borrower", "kind", "priority", "day")
    )


def _rounded(sums: ByKind) -> ByKind:
    """Plain and short: these numbers are stored with the round."""
    return {
        pk: {kind: round(value, 3) for kind, value in kinds.items()} for pk, kinds in sums.items()
    }
