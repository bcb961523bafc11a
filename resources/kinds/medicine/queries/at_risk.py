"""The at-risk board: what of an institution's stock will be left when it expires.

One light statement reads every lot of the coming months; only the lots of the page are read whole.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import BigIntegerField, Count, DateField, Sum

from medshare_portal import policy
from medshare_portal.db.prepared import Bind, Prepared
from resources.enums import OfferStatus
from resources.enums_medicine import MovementSort, PackState, QuarantineState, StorageClass
from resources.kinds.medicine.fefo import Batch, outlook
from resources.kinds.medicine.queries.facts import findings_against_offering
from resources.models import MedicineLot, MedicineUse, Offer, StockMovement

PAGE = 50
INSTITUTION = Bind("institution", BigIntegerField())
LOTS = Prepared(
    lambda: (
        MedicineLot.objects.owned_by(INSTITUTION)
        .filter(
            expiry_date__gte=Bind("today", DateField()),
            expiry_date__lte=Bind("until", DateField()),
            on_hand__gt=0,
            quarantine_state=QuarantineState.RELEASED,
            pack_state=PackState.SEALED,
        )
        .values_list(
            "pk", "item_key", "expiry_date", "on_hand", "pack_size", "unit_cost", "storage_class",
            "resource__site_id",
        )
    )
)  # fmt: skip
USES = Prepared(
    lambda: MedicineUse.objects.owned_by(INSTITUTION).values_list(
        "item_key", "units_per_day", "units_per_day_last_year"
    )
)
APART = Prepared(
    lambda: (
        MedicineLot.objects.owned_by(INSTITUTION)
        .filter(on_hand__gt=0, expiry_date__lt=Bind("today", DateField()))
        .values_list("pk")
    )
)


@dataclass(slots=True)
class AtRisk:
    """A lot in its turn; ``left`` and ``used`` in packs, ``value`` what would expire."""

    key: int
    item: str
    expiry_date: date
    days: int
    on_hand: int
    pack_size: int
    place: int
    left: Decimal
    used: Decimal
    value: Decimal
    stock_value: Decimal
    rate: Decimal | None  # packs a day
    cold: bool
    site: int

    @property
    def unused(self) -> bool:
        """No consumption is known, so all of it is at risk."""
        return not self.rate


@dataclass
class Bucket:
    """Lots that expire within ``first`` to ``last`` days."""

    first: int
    last: int
    until: date
    lots: int = 0
    value: Decimal = Decimal(0)
    stock: Decimal = Decimal(0)

    @property
    def percent(self) -> int:
        return round(100 * self.value / self.stock) if self.stock else 0


@dataclass
class Board:
    """All of the board but the rows of its page."""

    buckets: list[Bucket]
    lots: list[AtRisk]
    expired: int  # lots still on hand past their date
    trends: dict[str, Decimal] = field(default_factory=dict)  # item → change on last year, percent

    @property
    def value(self) -> Decimal:
        return sum((bucket.value for bucket in self.buckets), Decimal(0))

    @property
    def stock(self) -> Decimal:
        return sum((bucket.stock for bucket in self.buckets), Decimal(0))


def board_of(institution, *, today: date) -> Board:
    """Every lot that expires within the last bucket, in its turn, with what will be left."""
    limits = policy.current().medicine.board_days
    until = today + timedelta(days=limits[-1])
    rows = LOTS.rows(institution=institution.pk, today=today, until=until)
    uses = USES.rows(institution=institution.pk)
    lots = in_turn(rows, {item: rate for item, rate, _year in uses}, today)
    expired = len(APART.rows(institution=institution.pk, today=today))
    trends = {item: 100 * (rate - year) / year for item, rate, year in uses if year}
    return Board(buckets_of(lots, limits, today), lots, expired, trends)


def in_turn(rows: list[tuple], rates: dict[str, Decimal], today: date) -> list[AtRisk]:
    of_item = defaultdict(list)
    for row in rows:
        of_item[row[1]].append(row)
    found = []
    for item, lots in of_item.items():
        batches = [Batch(key, expiry, n * size) for key, _item, expiry, n, size, *_rest in lots]
        ahead = outlook(batches, rates.get(item), today)
        found += [_at_risk(row, ahead[row[0]], rates.get(item), today) for row in lots]
    return found


def _at_risk(row: tuple, ahead, rate: Decimal | None, today: date) -> AtRisk:
    key, item, expiry, on_hand, size, cost, storage, site = row
    left = ahead.left / size
    return AtRisk(
        key=key,
        item=item,
        expiry_date=expiry,
        days=(expiry - today).days,
        on_hand=on_hand,
        pack_size=size,
        place=ahead.place,
        left=left,
        used=ahead.used / size,
        value=left * cost,
        stock_value=on_hand * cost,
        rate=rate / size if rate else None,
        cold=storage in StorageClass.COLD_CHAIN,
        site=site,
    )


def buckets_of(lots: list[AtRisk], limits: list[int], today: date) -> list[Bucket]:
    firsts = [0, *(limit + 1 for limit in limits[:-1])]
    buckets = [
        Bucket(first, last, today + timedelta(days=last))
        for first, last in zip(firsts, limits, strict=True)
    ]
    for lot in lots:
        bucket = next(bucket for bucket in buckets if lot.days <= bucket.last)
        bucket.lots += lot.left > 0
        bucket.value += lot.value
        bucket.stock += lot.stock_value
    return buckets


def narrowed(lots: list[AtRisk], *, within: int, cold: bool, unused: bool, site: int | None):
    """The lots that the reader asks for."""
    return [
        lot
        for lot in lots
        if lot.days <= within
        and (lot.cold or not cold)
        and (lot.unused or not unused)
        and (site is None or lot.site == site)
    ]


def ordered(lots: list[AtRisk], *, by_value: bool) -> list[AtRisk]:
    """Lots of one item together, the item first that has the most urgent (or dearest) lot."""
    first, worth = {}, Counter()
    for lot in lots:
        first[lot.item] = min(first.get(lot.item, lot.expiry_date), lot.expiry_date)
        worth[lot.item] += lot.value
    if by_value:
        return sorted(lots, key=lambda lot: (-worth[lot.item], lot.item, lot.place))
    return sorted(lots, key=lambda lot: (first[lot.item], lot.item, lot.place))


@dataclass(kw_only=True)
class BoardRow:
    """A lot of the page, whole: what may be done with it."""

    at_risk: AtRisk
    lot: MedicineLot
    offered: int  # packs on offer and not asked for yet
    against: list[str]
    users: int  # other institutions of the city that use the item

    @property
    def suggested(self) -> int:
        """Whole packs that will be left and are free, without those already on offer."""
        if self.against:
            return 0
        return max(min(int(self.at_risk.left), self.lot.free) - self.offered, 0)


def rows_of(lots: list[AtRisk], institution, *, now: datetime) -> list[BoardRow]:
    """The lots of a page with what the rules say, their offers and who else uses the item."""
    keys = [lot.key for lot in lots]
    found = MedicineLot.objects.owned_by(institution).filter(pk__in=keys)
    found = found.select_related("resource__site", "received_from")
    by_key = {lot.pk: lot for lot in found}
    against = _against(by_key.values(), now)
    offered = on_offer(institution, keys)
    users = users_of({lot.item for lot in lots}, institution)
    return [
        BoardRow(
            at_risk=lot,
            lot=by_key[lot.key],
            offered=offered.get(lot.key, 0),
            against=against[lot.key],
            users=users.get(lot.item, 0),
        )
        for lot in lots
        if lot.key in by_key
    ]


def _against(lots, now: datetime) -> dict[int, list[str]]:
    """What forbids to offer them; that recalls are looked at is confirmed when they are offered."""
    for lot in lots:
        lot.recall_checked_at = now
    found = findings_against_offering(lots, now)
    return {key: [finding.text for finding in found[key].blocks] for key in found}


def on_offer(institution, keys: list[int]) -> dict[int, int]:
    """{lot: packs of its published offer that nobody was promised yet}."""
    offers = Offer.objects.owned_by(institution).filter(
        resource__in=keys, status=OfferStatus.PUBLISHED, quantity__isnull=False
    )
    rows = {pk: (lot, packs) for pk, lot, packs in offers.values_list("pk", "resource", "quantity")}
    moved = StockMovement.objects.owned_by(institution).filter(
        offer__in=rows, sort__in=(MovementSort.RESERVE, MovementSort.RELEASE)
    )
    promised = dict(moved.values_list("offer").annotate(Sum("reserved_change")))
    return {lot: packs - promised.get(pk, 0) for pk, (lot, packs) in rows.items()}


def users_of(items: set[str], institution) -> dict[str, int]:
    """{item: how many other institutions use it}; who they are stays with them."""
    rows = MedicineUse.objects.everywhere(reason="a number of institutions, no names").filter(
        item_key__in=items, units_per_day__gt=0
    )
    others = rows.exclude(institution=institution)
    return dict(others.order_by().values_list("item_key").annotate(Count("pk")))
