"""The rows and headline numbers of the at-risk board, ready for its template."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from medshare_portal.local_times import describe_date
from resources.enums_medicine import ControlClass, Pack
from resources.kinds.medicine.queries.at_risk import Board, BoardRow
from resources.kinds.medicine.words import (
    amount,
    generic_name,
    one_place,
    presentation,
    whole,
)

URGENT_DAYS, FULL = 30, Decimal(100)


@dataclass(kw_only=True)
class ShownRow:
    """A line of the table.  ``span`` is how many lines its item has on the page, 0 after the
    first; ``bar`` the percentages used and left."""

    row: BoardRow
    span: int
    name: str
    presentation: str
    marks: list[str]
    pack: str
    rate: str
    trend: int | None
    used: int
    left: int
    left_percent: int
    bar: tuple[str, str]
    sentence: str
    value: str
    ticked: bool
    quantity: str
    errors: list[str]
    hint: str

    @property
    def urgent(self) -> bool:
        return self.row.at_risk.days <= URGENT_DAYS

    @property
    def fall(self) -> int:
        """By how many percent less is used than a year ago."""
        return -(self.trend or 0)

    @property
    def tickable(self) -> bool:
        return not self.row.against


def shown_rows(rows: list[BoardRow], trends: dict[str, Decimal], form) -> list[ShownRow]:
    """The page's lines; a form that was sent keeps what was ticked and typed."""
    spans = _spans(rows)
    return [_shown(row, span, trends, form) for row, span in zip(rows, spans, strict=True)]


def _spans(rows: list[BoardRow]) -> list[int]:
    spans = [0] * len(rows)
    start = 0
    for place, row in enumerate(rows):
        if row.at_risk.item != rows[start].at_risk.item:
            start = place
        spans[start] += 1
    return spans


def _shown(row: BoardRow, span: int, trends: dict, form) -> ShownRow:
    at_risk, lot = row.at_risk, row.lot
    pack = str(Pack(lot.pack).label)
    percent = FULL * at_risk.left / at_risk.on_hand
    trend = trends.get(at_risk.item)
    sent = form.is_bound
    key = str(at_risk.key)
    return ShownRow(
        row=row,
        span=span,
        name=generic_name(lot),
        presentation=presentation(lot),
        marks=_marks(lot),
        pack=pack,
        rate=one_place(at_risk.rate) if at_risk.rate else "",
        trend=None if trend is None else whole(trend),
        used=whole(at_risk.used),
        left=whole(at_risk.left),
        left_percent=whole(percent),
        bar=(f"{FULL - percent:.2f}%", f"{percent:.2f}%"),
        sentence=_sentence(at_risk, pack),
        value=amount(at_risk.value, lot.currency) if at_risk.left else "",
        ticked=key in form.data.getlist("pick") if sent else row.suggested > 0,
        quantity=form.data.get(f"quantity-{key}", "") if sent else str(row.suggested or ""),
        errors=form.row_errors.get(at_risk.key, []),
        hint=_hint(row),
    )


def _marks(lot) -> list[str]:
    marks = [str(lot.get_storage_class_display())] if lot.needs_cold_chain else []
    if lot.control_class != ControlClass.NONE:
        marks.append(str(lot.get_control_class_display()))
    return marks


def _sentence(at_risk, pack: str) -> str:
    """The bar in words, for those who do not see it."""
    return _("Of %(on_hand)s %(pack)s %(used)s will be used and %(left)s left on %(day)s.") % {
        "on_hand": at_risk.on_hand,
        "pack": pack,
        "used": whole(at_risk.used),
        "left": whole(at_risk.left),
        "day": describe_date(at_risk.expiry_date),
    }


def _hint(row: BoardRow) -> str:
    """Why this quantity is suggested."""
    if row.against:
        return row.against[0]
    if row.offered:
        return _("%(n)s on offer already") % {"n": row.offered}
    if not row.at_risk.left:
        return _("Nothing to give away")
    if row.suggested < int(row.at_risk.left):
        return _("What is not reserved")
    return _("Whole packs that will be left")


def shown_buckets(board: Board, within: int) -> list[dict]:
    """The cards over the table; bars share one scale."""
    most = max((bucket.stock for bucket in board.buckets), default=Decimal(0)) or Decimal(1)
    return [
        {
            "first": bucket.first,
            "last": bucket.last,
            "until": bucket.until,
            "lots": bucket.lots,
            "value": amount(bucket.value),
            "stock": amount(bucket.stock),
            "percent": bucket.percent,
            "used_width": f"{FULL * (bucket.stock - bucket.value) / most:.2f}%",
            "left_x": f"{FULL * (bucket.stock - bucket.value) / most:.2f}%",
            "left_width": f"{FULL * bucket.value / most:.2f}%",
            "active": bucket.last <= within,
        }
        for bucket in board.buckets
    ]


def summary(rows: list[ShownRow]) -> dict:
    """What the ticked lines come to."""
    ticked = [row for row in rows if row.ticked and row.tickable]
    counts = [_count(row.quantity) for row in ticked]
    value = sum(n * row.row.lot.unit_cost for n, row in zip(counts, ticked, strict=True))
    return {"lots": len(ticked), "packs": sum(counts), "value": amount(Decimal(value))}


def _count(text: str) -> int:
    """A typed quantity, or nothing where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
