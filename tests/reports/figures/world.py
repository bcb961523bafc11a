"""A town in which anything was shared, at random, and its figures reckoned the slow way: from the
rows themselves, hour by hour and request by request, with no fact, no day and no histogram."""

from datetime import UTC, date, datetime, timedelta
from math import ceil
from random import Random
from statistics import median
from zoneinfo import ZoneInfo

from resources.models import MedicineLot, RecognitionRecord, StockMovement
from scheduling.models import AccessEvent, AccessGrant, MedicineTransfer, SharingRequest
from tests import make

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ZONE = ZoneInfo("Asia/Shanghai")
FIRST, LAST = date(2026, 2, 25), date(2026, 3, 10)
BEGIN = datetime(2026, 2, 24, 16, tzinfo=UTC)  # midnight of the first day
NOW = datetime(2026, 3, 11, 4, tzinfo=UTC)
AGREED = ("closed", "no_show", "cancelled")


def build(rng: Random):
    """Three institutions; nothing overlaps on one device."""
    houses = [make.institution(name, name_en=name) for name in ("one", "two", "three")]
    for house in houses:
        for units in (1, 2):
            device = make.equipment(house, units=units, status="listed", visibility="all")
            _bookings(rng, device, houses, units)
        for _person in range(2):
            _bookings(rng, make.person(house), houses, 1)
        _medicines(rng, house, houses)
        _information(rng, house, houses)
    return houses


def _other(rng, house, houses):
    return rng.choice([one for one in houses if one != house])


def _bookings(rng, thing, houses, units) -> None:
    starts = BEGIN - 2 * DAY
    while starts < NOW - 3 * DAY:
        starts += rng.randint(2, 40) * HOUR
        ends = starts + rng.randint(1, 30) * HOUR
        state = rng.choice(["closed", "closed", "declined", "withdrawn", "cancelled", "no_show"])
        sent = starts - rng.randint(20, 60) * HOUR
        answered = sent + timedelta(minutes=rng.randint(1, 900))
        over = {"closed": ends + HOUR, "no_show": starts + HOUR, "withdrawn": answered,
                "declined": answered}.get(state, starts - rng.randint(1, 40) * HOUR)  # fmt: skip
        decided = {} if state == "withdrawn" else {"decided_at": min(answered, over)}
        excepted = [{"code": "STF-07", "reason": "x", "exception": True}] * rng.randint(0, 1)
        make.sharing_request(
            thing, _other(rng, thing.institution, houses), state=state, now=sent,
            starts_at=starts, ends_at=ends, submitted_at=sent, ended_at=max(over, sent + HOUR),
            units=rng.randint(1, units), accepted_findings=excepted, **decided,
        )  # fmt: skip
        starts = ends


def _medicines(rng, house, houses) -> None:
    to = _other(rng, house, houses)
    expiry = LAST + timedelta(days=rng.randint(-3, 400))
    lot, own = (
        make.medicine_lot(one, stock=0, expiry_date=expiry, unit_cost=rng.randint(200, 400))
        for one in (house, to)
    )
    make.movement(lot, "receive", 100, at=BEGIN - 40 * DAY)
    closed = BEGIN + rng.randint(1, 100) * HOUR
    packs = rng.randint(1, 20)
    request = make.sharing_request(
        lot.resource, to, state="closed", now=closed - 9 * HOUR, ended_at=closed,
        quantity=packs, asked_quantity=packs, mode="", decided_at=closed - 8 * HOUR,
        actual_starts_at=closed - 5 * HOUR, actual_ends_at=closed - HOUR,
    )  # fmt: skip
    MedicineTransfer.unscoped.create(
        sharing_request=request, expected_on=closed.date(), days_left_at_arrival=9, unit_price=0,
        shipped=packs, accepted=packs, rejected=0, lost=0, received_as=own,
    )  # fmt: skip
    make.movement(own, "receive", 50, at=closed - HOUR)
    for _issue in range(3):
        at = closed + rng.randint(-1, 200) * HOUR
        make.movement(own, "issue", rng.randint(1, 12), at=at)


def _information(rng, house, houses) -> None:
    asset = make.asset(house)
    for _request in range(4):
        at = BEGIN + rng.randint(-40, 300) * HOUR
        glass = rng.random() < 0.5
        reviewed = at + rng.randint(1, 120) * HOUR
        seen = {"reviewed_at": reviewed, "review_verdict": "justified"} if glass else {}
        made = make.access_request(
            asset, _other(rng, house, houses), state="closed", now=at, glass=glass,
            looks_used=rng.randint(0, 3), end_reason=rng.choice(["expired", "revoked"]), **seen,
            **({"reviewed_by": make.user(at=house)} if glass else {}),
        )  # fmt: skip
        for _look in range(rng.randint(0, 4)):
            rule = rng.choice(["", "", "INF-03"])
            make.access_event(made, now=at + rng.randint(0, 90) * HOUR, rule=rule)
        recognised = rng.random() < 0.5
        RecognitionRecord.unscoped.create(
            institution=_other(rng, house, houses), resource=asset, recognised=recognised,
            verdict="yes" if recognised else rng.choice(["yes", "no"]), at=at,
            reason="" if recognised else "fast", by=made.created_by,
        )  # fmt: skip


def inside(moment: datetime) -> bool:
    return FIRST <= moment.astimezone(ZONE).date() <= LAST


class Slow:
    """The same figures; None where there is nothing to divide by."""

    def __init__(self):
        rows = SharingRequest.unscoped.select_related("resource")
        self.rows = list(rows)
        self.ended = [row for row in self.rows if inside(row.ended_at)]

    def of(self, *states, kind=None):
        return [r for r in self.ended if r.state in states and kind in (None, r.kind)]

    def waits(self, first, last) -> list[float]:
        pairs = [(getattr(row, first), getattr(row, last)) for row in self.ended]
        return [(b - a).total_seconds() / 3600 for a, b in pairs if a and b]

    def median(self, first, last) -> float | None:
        found = self.waits(first, last)
        return median(found) if found else None

    def slowest_tenth(self, first, last) -> float | None:
        found = sorted(self.waits(first, last))
        return found[ceil(len(found) * 0.9) - 1] if found else None

    def late_cancel(self):
        late = [r for r in self.of("cancelled") if r.starts_at - r.ended_at < DAY]
        return _share(len(late), len(self.of(*AGREED)))

    def no_show(self):
        return _share(len(self.of("no_show")), len(self.of(*AGREED)))

    def fulfilment(self):
        return _share(len(self.of("closed")), len(self.ended) - len(self.of("withdrawn")))

    def used_hours(self, kind) -> int:
        """Hour by hour of the period, unit by unit."""
        found = 0
        for row in self.rows:
            if row.kind == kind and row.state == "closed":
                at = row.actual_starts_at
                while at < row.actual_ends_at:
                    found += row.units * inside(at)
                    at += HOUR
        return found

    def staff_hours(self) -> float:
        worked = self.of("closed", kind="staff")
        spans = [row.actual_ends_at - row.actual_starts_at for row in worked]
        return sum(spans, timedelta()).total_seconds() / 3600

    def notice(self):
        agreed = self.of(*AGREED, kind="staff")
        hours = [(r.starts_at - r.decided_at).total_seconds() / 3600 for r in agreed]
        return _share(sum(max(number, 0) for number in hours), len(agreed))

    def overrides(self):
        agreed = self.of(*AGREED, kind="staff")
        return _share(sum(bool(r.accepted_findings) for r in agreed), len(agreed))

    def looks_refused(self):
        looks = [event for event in AccessEvent.unscoped.all() if inside(event.at)]
        return _share(sum(event.decision == "deny" for event in looks), len(looks))

    def reviewed(self):
        due = [g for g in AccessGrant.unscoped.filter(break_glass=True) if inside(g.review_due_at)]
        return _share(sum(g.reviewed_at <= g.review_due_at for g in due), len(due))

    def expired(self):
        over = self._grants()
        return _share(sum(grant.end_reason == "expired" for grant in over), len(over))

    def looks(self):
        over = self._grants()
        return _share(sum(grant.looks_used for grant in over), len(over))

    def _grants(self):
        rows = AccessGrant.unscoped.select_related("sharing_request")
        return [grant for grant in rows if inside(grant.sharing_request.actual_ends_at)]

    def recognition(self):
        rows = [row for row in RecognitionRecord.unscoped.all() if inside(row.at)]
        could = [row for row in rows if row.verdict != "no"]
        return _share(sum(row.recognised for row in rows), len(could))

    def rescued(self, near: int) -> list[MedicineTransfer]:
        rows = MedicineTransfer.unscoped.select_related(
            "sharing_request__resource__medicine_lot", "received_as"
        )
        return [row for row in rows if 0 <= _days_left(row) <= near]

    def waste_avoided(self, near: int):
        rows = [row for row in self.rescued(near) if inside(row.sharing_request.ended_at)]
        return sum(row.accepted * _cost(row) for row in rows)

    def waste_confirmed(self, near: int):
        """Pack by pack, in the order in which they were issued."""
        value = 0
        for row in self.rescued(near):
            issues = StockMovement.unscoped.filter(lot=row.received_as, sort="issue")
            packs = [
                issue.at for issue in issues.order_by("at", "pk") for _ in range(issue.quantity)
            ]
            for at in packs[: row.accepted]:
                day = max(at, row.sharing_request.ended_at).astimezone(ZONE).date()
                used = day <= row.received_as.expiry_date and FIRST <= day <= LAST
                value += _cost(row) * used
        return value

    def stock(self, day: date):
        over = datetime.combine(day + DAY, datetime.min.time(), ZONE)
        value = 0
        for lot in MedicineLot.unscoped.filter(expiry_date__gt=day):
            moves = StockMovement.unscoped.filter(lot=lot, at__lt=over)
            value += lot.unit_cost * max(sum(move.on_hand_change for move in moves), 0)
        return value


def _days_left(row) -> int:
    arrived = row.sharing_request.actual_ends_at.astimezone(ZONE).date()
    return (row.sharing_request.resource.medicine_lot.expiry_date - arrived).days


def _cost(row):
    return row.sharing_request.resource.medicine_lot.unit_cost


def _share(numerator, denominator):
    return numerator / denominator if denominator else None
