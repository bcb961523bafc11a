"""A town in which anything was shared, at random: what people wrote, past every rule.

Nothing that was agreed overlaps on one thing; what is kept, offered and out of order does.
"""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from scheduling.states import CancelReason, DeclineReason
from tests import make
from tests.reports.references import world_goods
from tests.reports.references.draws import Draws

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FIRST, LAST = date(2026, 2, 25), date(2026, 3, 10)
BEGIN = datetime(2026, 2, 24, 16, tzinfo=UTC)  # midnight of the first day
NOW = datetime(2026, 3, 11, 4, tzinfo=UTC)
STATES = [
    "closed", "closed", "closed", "declined", "withdrawn", "cancelled", "no_show", "lapsed",
]  # fmt: skip
MOST_BOOKINGS = 8
PLACES = ((30.27, 120.15, "North"), (30.31, 120.22, "South"), (30.18, 120.09, "South"))


def build(rng: Draws) -> list:
    """Three institutions in two districts."""
    houses = [_house(rng, place) for place in PLACES]
    for house in houses:
        for units in (1, 2):
            device = _device(rng, house, units)
            _times(rng, device, house.by)
            _bookings(rng, device, houses)
        for _person in range(rng.randint(1, 2)):
            person = make.person(house, confirmed_at=_confirmed(rng))
            _times(rng, person, house.by, kept=False)
            make.shift(person, _moment(rng), rng.randint(2, 9), by=house.by)
            make.credential(person, valid_until=LAST + rng.randint(-9, 9) * DAY)
            _bookings(rng, person, houses)
        _waiting(rng, house)
        world_goods.medicines(rng, house, houses)
        world_goods.information(rng, house, houses)
    return houses


def _house(rng, place):
    latitude, longitude, district = place
    house = make.institution(
        with_site=False, service_population=rng.choice([0, 9, 14, 30]), beds=rng.randint(0, 9),
        district_en=district,
    )  # fmt: skip
    make.site(house, is_main=True, latitude=latitude, longitude=longitude)
    house.by = make.user(at=house, role="coordinator")  # whoever does anything there
    return house


def _moment(rng) -> datetime:
    """From two days before the days to some hours after them."""
    return BEGIN + rng.randint(-48, 14 * 24 + 6) * HOUR


def _confirmed(rng) -> datetime:
    return NOW - rng.randint(0, 60) * DAY


def _device(rng, house, units: int):
    able = {"max_daily_capacity": rng.randint(5, 20), "avg_duration": rng.choice([15, 30, 40])}
    return make.equipment(
        house, units=units, category=make.category(rng.choice(["ct", "ventilator"])),
        confirmed_at=_confirmed(rng), udi_di=rng.choice(["", "06901234567892"]),
        next_pm_due=rng.choice([None, LAST + rng.randint(-9, 9) * DAY]),
        status=rng.choice(["listed", "listed", "paused", "retired"]),
        rated_hours_day=rng.choice([6, 8]), **rng.choice([able, able, {}]),
    )  # fmt: skip


def _times(rng, thing, by, *, kept: bool = True) -> None:
    """Offered in some pieces; kept for this and that, one over the other."""
    cuts = sorted({_moment(rng) for _cut in range(6)})
    make.offer(thing, now=BEGIN, intervals=list(pairwise(cuts))[::2])
    for reason in ("own_use", "maintenance", "repair", "repair") if kept else ():
        at = _moment(rng)
        make.block(thing, at, at + rng.randint(1, 40) * HOUR, by=by, reason=reason)


def _bookings(rng, thing, houses) -> None:
    starts = BEGIN - 3 * DAY
    for _booking_of_it in range(rng.randint(0, MOST_BOOKINGS)):
        starts += rng.randint(5, 40) * HOUR
        if starts > NOW - 4 * DAY:
            break
        ends = starts + rng.randint(1, 30) * HOUR
        borrower = world_goods.other(rng, thing.institution, houses)
        _booking(rng, thing, borrower, starts, ends)
        starts = ends + 5 * HOUR


def _booking(rng, thing, borrower, starts, ends) -> None:
    state = rng.choice(STATES)
    sent = starts - rng.randint(20, 60) * HOUR
    answered = sent + timedelta(minutes=rng.randint(1, 900))
    over = {"closed": ends + 4 * HOUR, "no_show": starts + HOUR, "withdrawn": answered,
            "declined": answered, "lapsed": starts}.get(state, starts - rng.randint(1, 40) * HOUR)  # fmt: skip
    decided = {"decided_at": min(answered, over)}
    if state in ("withdrawn", "lapsed"):
        decided = {}
    made = make.sharing_request(
        thing, borrower, state=state, now=sent, starts_at=starts, ends_at=ends, by=borrower.by,
        decided_by=thing.institution.by, submitted_at=sent, ended_at=max(over, sent + HOUR),
        blocked_from=starts - HOUR, blocked_until=ends + HOUR, units=rng.randint(1, thing.units),
        priority=rng.choice(["routine", "urgent"]), fee_per_hour=rng.randint(0, 9),
        accepted_findings=[{"code": "STF-07", "reason": "x", "exception": True}] * rng.randint(0, 1),
        **decided, **_said(rng, state), **_used(rng, state, starts, ends),
    )  # fmt: skip
    if state == "closed" and rng.likely(20):
        make.time_change(
            made, new_ends_at=ends, kind="recall", status="accepted", decided_at=sent,
            by=thing.institution.by,
        )  # fmt: skip


def _said(rng, state: str) -> dict:
    if state == "cancelled":
        return {"decision_code": rng.choice(CancelReason.values)}
    if state == "declined":
        return {"decision_code": rng.choice(DeclineReason.values)}
    if state == "lapsed":
        return {"decision_code": rng.choice(["too_slow", "too_slow", "not_taken_up"])}
    return {}


def _used(rng, state: str, starts, ends) -> dict:
    """It may come back early, or late."""
    if state != "closed":
        return {}
    back = max(ends + rng.randint(-2, 3) * HOUR, starts + HOUR)
    return {"actual_starts_at": starts, "actual_ends_at": back}


def _waiting(rng, house) -> None:
    """Shifts that were posted or waited for."""
    nurse = make.profession()
    for state in ("open", "met", "withdrawn", "expired", "expired"):
        over = _moment(rng)
        make.need(
            house, category=nurse, now=over - DAY, state=state, created_by=house.by,
            **({} if state == "open" else {"ended_at": over}),
        )  # fmt: skip
    for state in ("left", "expired", "expired"):
        over = _moment(rng)
        make.waitlist_entry(
            house, category=nurse, now=over - DAY, state=state, ended_at=over,
            created_by=house.by,
        )  # fmt: skip
