"""Small matching problems, written out so that their answers are known by hand."""

from dataclasses import replace

from scheduling.matching.problem import (
    DAY,
    EquipmentNeed,
    Horizon,
    Institution,
    Interval,
    Lot,
    Match,
    MedicineNeed,
    Person,
    Problem,
    StaffNeed,
    TravelMatrix,
    Unit,
    Urgency,
)

HOUR = 60
MINUTES = ((0, 20, 50), (20, 0, 40), (50, 40, 0))
TRAVEL = TravelMatrix(MINUTES, tuple(tuple(m / 2 for m in row) for row in MINUTES))


def institution(name: str, **changes) -> Institution:
    return replace(Institution(name, 31.2, 121.4), **changes)


def unit(name: str = "u", **changes) -> Unit:
    windows = (Interval(8 * HOUR, 20 * HOUR), Interval(DAY, 2 * DAY))
    return replace(Unit(name, "a", "pump", windows), **changes)


def lot(name: str = "l", **changes) -> Lot:
    return replace(Lot(name, "a", "insulin", 40, expiry_day=30, value_per_pack=900), **changes)


def person(name: str = "p", **changes) -> Person:
    made = Person(
        name,
        "a",
        skills=frozenset({"nurse", "iv"}),
        available=(Interval(6 * HOUR, 20 * HOUR), Interval(DAY, 3 * DAY)),
        approved_at=frozenset({"b", "c"}),
    )
    return replace(made, **changes)


def equipment_need(name: str = "en", **changes) -> EquipmentNeed:
    made = EquipmentNeed(name, "b", "pump", 9 * HOUR, 18 * HOUR, 4 * HOUR, Urgency.URGENT)
    return replace(made, **changes)


def medicine_need(name: str = "mn", **changes) -> MedicineNeed:
    return replace(MedicineNeed(name, "b", "insulin", 10, 3, 14, Urgency.CRITICAL), **changes)


def staff_need(name: str = "sn", **changes) -> StaffNeed:
    made = StaffNeed(name, "b", frozenset({"nurse"}), 7 * HOUR, 15 * HOUR, Urgency.ROUTINE)
    return replace(made, **changes)


def problem(**changes) -> Problem:
    """Three institutions; ``a`` has a pump, 40 packs of insulin and a nurse to spare, ``b`` needs
    one of each, and each can be had."""
    made = Problem(
        horizon=Horizon("2026-11-30T00:00:00+08:00"),
        institutions=(institution("a"), institution("b"), institution("c")),
        travel=TRAVEL,
        units=(unit(),),
        lots=(lot(),),
        people=(person(),),
        equipment_needs=(equipment_need(),),
        medicine_needs=(medicine_need(),),
        staff_needs=(staff_need(),),
    )
    return replace(made, **changes)


def pump_use(start: int = 9 * HOUR, **changes) -> Match:
    return replace(Match("en", "u", starts_at=start, ends_at=start + 4 * HOUR), **changes)


def packs(quantity: int = 10, **changes) -> Match:
    return replace(Match("mn", "l", quantity), **changes)


def shift(**changes) -> Match:
    return replace(Match("sn", "p", starts_at=7 * HOUR, ends_at=15 * HOUR), **changes)
