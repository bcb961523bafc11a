"""Medicines and information of the random town."""

from datetime import UTC, date, datetime, timedelta

from resources.models import RecognitionRecord
from scheduling.models import MedicineTransfer
from tests import make

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LAST = date(2026, 3, 10)
BEGIN = datetime(2026, 2, 24, 16, tzinfo=UTC)


def other(rng, house, houses):
    return rng.choice([one for one in houses if one != house])


def medicines(rng, house, houses) -> None:
    """One lot that is given, one that goes bad, and packs that nobody gave."""
    to = other(rng, house, houses)
    expiry = LAST + timedelta(days=rng.randint(-3, 400))
    lot, own = (
        make.medicine_lot(
            one, stock=0, expiry_date=expiry, unit_cost=rng.randint(200, 400), status="listed",
            visibility="all", gtin=rng.choice(["", "06901234567892"]), atc=rng.choice(["", "A10AE04"]),
        )
        for one in (house, to)
    )  # fmt: skip
    make.movement(lot, "receive", 100, at=BEGIN - 40 * DAY)
    _given(rng, lot, own, to)
    for state in ("declined", "withdrawn", "lapsed"):
        at = BEGIN + rng.randint(0, 300) * HOUR
        make.sharing_request(
            lot.resource, to, state=state, now=at, ended_at=at + 9 * HOUR, by=to.by,
            quantity=rng.randint(1, 9), asked_quantity=9, mode="",
            **({"decision_code": "too_slow"} if state == "lapsed" else {}),
        )  # fmt: skip


def _given(rng, lot, own, to) -> None:
    closed = BEGIN + rng.randint(1, 100) * HOUR
    asked = rng.randint(3, 20)
    sent = rng.randint(3, asked)
    bad, lost = rng.randint(0, 1), rng.randint(0, 1)
    request = make.sharing_request(
        lot.resource, to, state="closed", now=closed - 9 * HOUR, ended_at=closed, by=to.by,
        quantity=sent, asked_quantity=asked, mode="", decided_at=closed - 8 * HOUR,
        actual_starts_at=closed - 5 * HOUR, actual_ends_at=closed - HOUR,
    )  # fmt: skip
    MedicineTransfer.unscoped.create(
        sharing_request=request, expected_on=closed.date(), days_left_at_arrival=9,
        unit_price=rng.randint(0, 50), shipped=sent, accepted=sent - bad - lost, rejected=bad,
        lost=lost, received_as=own, difference_reason="x",
    )  # fmt: skip
    make.movement(own, "receive", 50, at=closed - HOUR)
    for _issue in range(3):
        at = closed + rng.randint(-1, 200) * HOUR
        make.movement(own, "issue", rng.randint(1, 12), at=at)


def information(rng, house, houses) -> None:
    asset = make.asset(house, confirmed_at=BEGIN - rng.randint(0, 60) * DAY)
    for _request in range(4):
        _access(rng, asset, other(rng, house, houses))
    at = BEGIN + rng.randint(0, 300) * HOUR
    make.access_request(asset, other(rng, house, houses), state="declined", now=at)
    make.access_request(asset, other(rng, house, houses), state="underway", now=at)


def _access(rng, asset, to) -> None:
    at = BEGIN + rng.randint(-40, 300) * HOUR
    glass = rng.likely(50)
    reviewed = {
        "reviewed_at": at + rng.randint(1, 120) * HOUR, "review_verdict": "justified",
        "reviewed_by": asset.institution.by,
    }  # fmt: skip
    made = make.access_request(
        asset, to, state="closed", now=at, glass=glass, by=to.by, looks_used=rng.randint(0, 3),
        end_reason=rng.choice(["expired", "revoked"]), **(reviewed if glass else {}),
    )  # fmt: skip
    for _look in range(rng.randint(0, 4)):
        rule = rng.choice(["", "", "INF-03"])
        make.access_event(made, now=at + rng.randint(0, 90) * HOUR, rule=rule)
    recognised = rng.likely(50)
    RecognitionRecord.unscoped.create(
        institution=to, resource=asset, recognised=recognised, at=at, by=to.by,
        verdict="yes" if recognised else rng.choice(["yes", "no"]),
        reason="" if recognised else "fast",
    )  # fmt: skip
