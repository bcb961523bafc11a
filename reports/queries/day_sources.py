"""What the numbers of days are made of: shares, offered and kept times, lots that expired.

Shares that have ended are read from the facts of use, so that history stays as it was; those that
are open from the requests.  Everything else is as the catalogue has it now.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from medshare_portal.money import amount_of
from reports.models import UsageFact
from reports.queries.open_answers import OPEN, answers_due
from reports.rollups.shares import Share, seconds
from reports.rollups.spans import Span
from resources.enums import BlockReason
from resources.intervals import day_bounds
from resources.models import (
    BusyBlock,
    CommittedShift,
    MedicineLot,
    Offer,
    OfferedInterval,
    Resource,
    StockMovement,
    UseLogEntry,
)
from scheduling.kinds import zone_of
from scheduling.models import SharingRequest

REASON = "the numbers of days are counted by the system; sums per institution come out"
OF_FACT = (
    "resource_key", "resource_units", "kind", "category_code", "currency", "time_zone", "state",
    "units", "submitted_at", "starts_at", "ends_at", "blocked_from", "blocked_until", "used_from",
    "used_until", "ended_at", "outcome", "decided_at", "answer_due_at", "automatic",
    "asked_units", "asked_quantity", "quantity", "accepted", "rejected", "lost", "rescued",
    "charge_amount", "distance_km", "exceptions_made",
)  # fmt: skip
KEPT = {
    BlockReason.OWN_USE: "own_used",
    BlockReason.MAINTENANCE: "planned_down",
    BlockReason.REPAIR: "unplanned_down",
}
CURRENCY = Offer._meta.get_field("currency").default
OTHER = {"owner": "borrower", "borrower": "owner"}


@dataclass
class Thing:
    """A resource with what was offered and kept of it: spans of all its units."""

    key: int
    kind: str
    category_code: str
    units: int
    time_zone: str
    currency: str
    offered: list[Span] = field(default_factory=list)
    kept: dict[str, list[Span]] = field(
        default_factory=lambda: {name: [] for name in KEPT.values()}
    )


@dataclass(frozen=True)
class Expired:
    """What was left of a lot at the end of its last day of use."""

    day: date
    kind: str
    category_code: str
    currency: str
    packs: int
    value: int  # smallest units


def shares_of(institution: int, side: str, period) -> list[Share]:
    """Of one side: all that may count on one of the days."""
    return [*_ended(institution, side, period), *_open(institution, side, period)]


def _ended(institution: int, side: str, period) -> list[Share]:
    rows = UsageFact.objects.everywhere(reason=REASON).current()
    rows = rows.filter(
        **{f"{side}_key": institution},
        last_day__gte=period.first,
        first_day__lte=period.last,
    )
    other = f"{OTHER[side]}_key"
    return [
        Share(
            other_key=values[0],
            unit_value=_smallest(values[1], values[2]),
            **dict(zip(OF_FACT, values[3:], strict=True)),
        )
        for values in rows.values_list(other, "unit_value", "currency", *OF_FACT)
    ]


def _smallest(price, currency: str) -> int:
    return 0 if price is None else amount_of(price, 1, currency)


def _open(institution: int, side: str, period) -> list[Share]:
    rows = (
        SharingRequest.objects.everywhere(reason=REASON)
        .filter(state__in=OPEN, submitted_at__lt=period.until, **{side: institution})
        .select_related("resource__site", "resource__category", "delivery_site")
    )
    found = list(rows)
    due = answers_due(found, period.since, period.until)
    return [_share_of(row, side, due.get(row.pk)) for row in found]


def _share_of(row: SharingRequest, side: str, answer_due_at: datetime | None = None) -> Share:
    """Of its answer nothing is said where nobody asked by when it was due."""
    resource = row.resource
    return Share(
        other_key=getattr(row, f"{OTHER[side]}_id"),
        resource_key=resource.pk,
        resource_units=resource.units,
        kind=row.kind,
        category_code=resource.category.slug,
        currency=row.currency,
        time_zone=zone_of(row),
        state=row.state,
        units=row.units,
        submitted_at=row.submitted_at,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        blocked_from=row.blocked_from,
        blocked_until=row.blocked_until,
        used_from=row.actual_starts_at,
        used_until=row.actual_ends_at,
        decided_at=None if answer_due_at is None else row.decided_at,
        answer_due_at=answer_due_at,
        automatic=row.decided_automatically,
    )


def shares_on(resources: Collection[int], owners: Collection[int], period) -> list[Share]:
    """Of some resources of these owners: all that may count on one of the days."""
    rows = UsageFact.objects.everywhere(reason=REASON).current()
    rows = rows.filter(
        owner_key__in=owners,
        resource_key__in=resources,
        last_day__gte=period.first,
        first_day__lte=period.last,
    )
    ended = [
        Share(other_key=values[0], **dict(zip(OF_FACT, values[1:], strict=True)))
        for values in rows.values_list("borrower_key", *OF_FACT)
    ]
    asked = (
        SharingRequest.objects.everywhere(reason=REASON)
        .filter(state__in=OPEN, submitted_at__lt=period.until, resource__in=resources)
        .select_related("resource__site", "resource__category", "delivery_site")
    )
    return [*ended, *[_share_of(row, "owner") for row in asked]]


def things(institution: int, period) -> list[Thing]:
    """Resources of which something was offered or kept; a handful of queries."""
    rows = Resource.objects.everywhere(reason=REASON).filter(institution=institution)
    own = {"institution": institution}
    return _things(rows, own, {"resource__institution": institution}, period)


def things_among(resources: Collection[int], period) -> list[Thing]:
    """The same of some resources, whoever has them."""
    rows = Resource.objects.everywhere(reason=REASON).filter(pk__in=resources)
    these = {"resource__in": resources}
    return _things(rows, these, these, period)


def _things(rows, these: dict, these_in_log: dict, period) -> list[Thing]:
    found: dict[int, dict[str, list]] = defaultdict(lambda: defaultdict(list))
    for name, times in _times(these, these_in_log, period):
        for key, starts_at, ends_at in times:
            found[key][name].append((starts_at, ends_at))
    columns = rows.values_list("pk", "kind", "category__slug", "units", "site__time_zone").order_by(
        "pk"
    )
    return [_thing(values, found[values[0]]) for values in columns if values[0] in found]


def _thing(values: tuple, times: dict[str, list]) -> Thing:
    thing = Thing(*values, currency=CURRENCY)
    for name, pairs in times.items():
        spans = [(seconds(first), seconds(last), thing.units) for first, last in pairs]
        if name == "offered":
            thing.offered += spans
        else:
            thing.kept[name] += spans
    return thing


def _times(these: dict, these_in_log: dict, period):
    """(what it is, (resource, from, until) of each)."""
    span = {"starts_at__lt": period.until, "ends_at__gt": period.since}
    columns = ("resource_id", "starts_at", "ends_at")
    mine = these | span
    offered = OfferedInterval.objects.everywhere(reason=REASON).filter(**mine)
    yield "offered", offered.values_list(*columns)
    blocks = BusyBlock.objects.everywhere(reason=REASON).filter(**mine)
    for reason, name in KEPT.items():
        yield name, blocks.filter(reason=reason).values_list(*columns)
    shifts = CommittedShift.objects.everywhere(reason=REASON).filter(**mine)
    yield "own_used", shifts.values_list(*columns)
    used = UseLogEntry.objects.everywhere(reason=REASON).filter(
        use=UseLogEntry.Use.OWN, **these_in_log, **span
    )
    yield "own_used", used.values_list(*columns)


def expired(institution: int, period) -> list[Expired]:
    """What the ledger said was on hand when a lot's last day of use was over."""
    lots = MedicineLot.objects.everywhere(reason=REASON).filter(
        institution=institution, expiry_date__range=(period.first, period.last)
    )
    lots = list(lots.select_related("resource__site", "resource__category"))
    left = _left_of(lots)
    return [_expired(lot, left[lot.pk]) for lot in lots if left[lot.pk] > 0]


def _left_of(lots: list[MedicineLot]) -> dict[int, int]:
    ends = {
        lot.pk: day_bounds(lot.expiry_date, ZoneInfo(lot.resource.site.time_zone))[1]
        for lot in lots
    }
    left: dict[int, int] = defaultdict(int)
    rows = StockMovement.objects.everywhere(reason=REASON).filter(lot__in=list(ends))
    for lot, at, change in rows.values_list("lot_id", "at", "on_hand_change"):
        if at < ends[lot]:
            left[lot] += change
    return left


def _expired(lot: MedicineLot, packs: int) -> Expired:
    return Expired(
        day=lot.expiry_date,
        kind=lot.resource.kind,
        category_code=lot.resource.category.slug,
        currency=lot.currency,
        packs=packs,
        value=packs * _smallest(lot.unit_cost, lot.currency),
    )
