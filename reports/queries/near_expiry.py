"""What is about to expire, what sharing saved of it and what expired: values, in one currency."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reports.periods import Period
from reports.queries import numbers
from reports.queries.city_figures import GIVEN, currency_of
from reports.queries.figures import Sums, grouped
from reports.queries.scores import NOTHING, added
from resources.kinds.medicine.queries.at_risk import AtRisk, Board, board_of
from resources.kinds.medicine.queries.at_risk_of_city import buckets_of_city, together
from resources.models import MedicineLot

MOST_LOTS = 10
COLUMNS = ("value_rescued", "value_expired", "packs_rescued", "packs_expired")


@dataclass(frozen=True, kw_only=True)
class Past:
    """What was saved and what expired in a period; ``pieces`` by their first day."""

    now: Sums
    before: Sums | None
    pieces: dict[date, Sums]
    by_institution: dict[int, Sums]

    @property
    def currency(self) -> str:
        return currency_of(self.now)

    def saved(self, sums: Sums) -> Decimal:
        return sums.value_rescued.get(self.currency, Decimal())

    def expired(self, sums: Sums) -> Decimal:
        return sums.value_expired.get(self.currency, Decimal())


def past(rows, period: Period, compared: Period | None, **narrowed) -> Past:
    """``rows``: whose numbers of days."""
    these = {"side": GIVEN, "kind": "medicine", "only": COLUMNS} | narrowed
    found = grouped(rows, period.first, period.last, by=("institution_key",), **these)
    pieces = grouped(rows, period.first, period.last, by=(period.step,), **these)
    before = compared and grouped(rows, compared.first, compared.last, by=(), **these)
    return Past(
        now=added(sums for _key, sums in found),
        before=(before[0][1] if before else NOTHING) if compared else None,
        pieces={piece: sums for (piece,), sums in pieces},
        by_institution={key: sums for (key,), sums in found},
    )


def of_institution(institution, period: Period, compared: Period | None) -> Past:
    return past(numbers.of(institution), period, compared)


def of_city(period: Period, compared: Period | None, inside: frozenset[int] | None) -> Past:
    narrowed = {} if inside is None else {"institution_key": inside}
    return past(numbers.of_city(), period, compared, **narrowed)


def dearest(board: Board, institution) -> list[tuple[AtRisk, MedicineLot]]:
    """The lots of which most will be lost, by value."""
    lots = sorted(board.lots, key=lambda lot: (-lot.value, lot.expiry_date, lot.key))[:MOST_LOTS]
    rows = MedicineLot.objects.owned_by(institution).select_related("resource")
    by_key = rows.in_bulk([lot.key for lot in lots])
    return [(lot, by_key[lot.key]) for lot in lots if lot.left and lot.key in by_key]


def at_risk_now(institution, *, today: date) -> Board:
    return board_of(institution, today=today)


def at_risk_in_city(institutions: Sequence[int], *, today: date):
    """({institution: its buckets}, all together)."""
    found = {key: of for key, of in buckets_of_city(today=today).items() if key in institutions}
    return found, together(list(found.values()))
