"""Looks at shared information in sums; what rests on fewer than five people officials do not read.

No look comes out: the log itself is its owner's, who reads all of its sums, too.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, DateField, Q, QuerySet
from django.db.models.functions import TruncDate, TruncMonth, TruncWeek

from reports.charts.small import FEWEST_PEOPLE, hidden
from reports.periods import Period
from scheduling.enums_information import Decision
from scheduling.models import AccessEvent

REASON = "sums of looks per day and rule, for officials; no look comes out"
TRUNC = {"day": TruncDate, "week": TruncWeek, "month": TruncMonth}
PERMIT, DENY = Q(decision=Decision.PERMIT), Q(decision=Decision.DENY)
PARTS = {
    "permitted": PERMIT,
    "refused": DENY,
    "emergency": PERMIT & Q(break_glass=True),
    "usual": PERMIT & Q(break_glass=False),
}
Counted = list[tuple[object, int, int]]  # what, how many, of how many people


@dataclass(frozen=True, kw_only=True)
class Looks:
    """Let through, refused and in an emergency; ``by_purpose`` of those let through.  None: of too
    few people."""

    permitted: int | None
    refused: int | None
    emergency: int | None
    pieces: dict[date, tuple[int | None, int | None]]  # let through, refused
    by_rule: dict[str, int | None]
    by_purpose: dict[str, int | None]

    @property
    def tried(self) -> int | None:
        unknown = self.permitted is None or self.refused is None
        return None if unknown else self.permitted + self.refused


def looks(
    institution, period: Period, moments, inside: frozenset[int] | None = None
) -> Looks:  # fmt: skip
    """``institution`` None: of the city, or of those ``inside``.  Five statements."""
    few = FEWEST_PEOPLE if institution is None else 1
    rows = _scope(institution, inside).filter(at__gte=moments[0], at__lt=moments[1]).order_by()
    totals = _totals(rows, few)
    return Looks(
        **totals,
        pieces=_pieces(rows, period, few),
        by_rule=_shown(_counted(rows.filter(DENY), "rule"), few),
        by_purpose=_shown(_counted(rows.filter(PERMIT), "purpose"), few),
    )


def _scope(institution, inside: frozenset[int] | None) -> QuerySet:
    if institution is not None:
        return AccessEvent.objects.owned_by(institution)
    rows = AccessEvent.objects.everywhere(reason=REASON)
    return rows if inside is None else rows.filter(institution__in=inside)


def fewest(institution, moments) -> dict[str, int]:
    """Behind the shares of looks refused and of emergencies: how many people stand behind the
    smaller part of each, 0 where there was none.  One statement."""
    rows = _scope(institution, None).filter(at__gte=moments[0], at__lt=moments[1]).order_by()
    found = rows.aggregate(**{name: _people(part) for name, part in PARTS.items()})
    return {
        "looks_refused": _least(found["refused"], found["permitted"]),
        "break_glass": _least(found["emergency"], found["usual"]),
    }


def _least(*people: int) -> int:
    return min((number for number in people if number), default=0)


def _totals(rows: QuerySet, few: int) -> dict[str, int | None]:
    """Emergencies are a part of those let through: the rest must not tell of few either."""
    found = rows.aggregate(
        **{name: Count("pk", filter=part) for name, part in PARTS.items()},
        **{f"{name}_people": _people(part) for name, part in PARTS.items()},
    )
    secret = {name: 0 < found[f"{name}_people"] < few for name in PARTS}
    secret["emergency"] |= bool(found["emergency"]) and secret["usual"]
    names = ("permitted", "refused", "emergency")
    return {name: None if secret[name] else found[name] for name in names}


def _people(part: Q) -> Count:
    return Count("actor_id", distinct=True, filter=part)


def _pieces(rows: QuerySet, period: Period, few: int):
    piece = TRUNC[period.step]("at", output_field=DateField())
    rows = rows.annotate(piece=piece)
    sides = [_shown(_counted(rows.filter(part), "piece"), few) for part in (PERMIT, DENY)]
    return {
        piece: (sides[0].get(piece, 0), sides[1].get(piece, 0))
        for piece in sorted({*sides[0], *sides[1]})
    }


def _counted(rows: QuerySet, name: str) -> Counted:
    found = rows.values_list(name).annotate(n=Count("pk"), people=Count("actor_id", distinct=True))
    return sorted(found, key=lambda row: (-row[1], row[0]))


def _shown(rows: Counted, few: int) -> dict:
    secret = hidden([people for _what, _number, people in rows], few)
    return {
        what: None if place in secret else number
        for place, (what, number, _people) in enumerate(rows)
    }
