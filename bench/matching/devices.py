"""Devices of a generated city, their idle windows, and who needs one."""

from dataclasses import dataclass

import numpy as np

from bench.matching.asked import asked
from bench.matching.places import Places
from scheduling.matching.problem import DAY, EquipmentNeed, Interval, Unit

SLOT = 15
DAYS = 14


@dataclass(frozen=True)
class Item:
    """``share`` of the needs; ``hours`` of use from … to; ``slack``: days the use may wait;
    ``window``: days for which a unit is offered on end."""

    name: str
    share: float
    hours: tuple[int, int]
    slack: float
    window: tuple[float, float]
    movable: bool
    operated: bool
    capabilities: tuple[str, ...] = ()


ITEMS = (
    Item("ventilator", 0.16, (24, 96), 2.0, (2, 7), True, True, ("neonatal", "transport")),
    Item("ct", 0.12, (1, 3), 3.0, (0.2, 0.4), False, False, ("contrast", "cardiac")),
    Item("mri", 0.10, (1, 4), 5.0, (0.2, 0.4), False, False, ("3t",)),
    Item("ultrasound", 0.12, (2, 10), 3.0, (0.4, 1.2), True, False, ("cardiac", "obstetric")),
    Item("dialysis", 0.10, (4, 12), 1.5, (0.5, 1.5), True, True, ("crrt",)),
    Item("infusion-pump", 0.12, (12, 72), 1.0, (1, 6), True, False),
    Item("monitor", 0.10, (12, 96), 1.0, (1, 6), True, False, ("invasive",)),
    Item("ecmo", 0.04, (48, 120), 0.8, (3, 9), True, True),
    Item("incubator", 0.06, (24, 72), 0.8, (2, 7), True, True),
    Item("endoscope", 0.08, (1, 4), 4.0, (0.2, 0.4), True, True, ("bronchial",)),
)
OPERATED = tuple(item.name for item in ITEMS if item.operated)


def devices(around: Places, needs: int, demand: float, random: np.random.Generator) -> dict:
    rows = asked(around, needs, random)
    of = random.choice(len(ITEMS), needs, p=[item.share for item in ITEMS])
    wanted = tuple(_need(place, ITEMS[of[place]], rows, around, random) for place in range(needs))
    units: list[Unit] = []
    for item in ITEMS:
        minutes = sum(_block(item, need) for need in wanted if need.item == item.name)
        units += _units(item, minutes / demand, around, random)
    return {"units": tuple(units), "equipment_needs": wanted}


def _need(place: int, item: Item, rows, around: Places, random) -> EquipmentNeed:
    duration = SLOT * int(random.integers(item.hours[0] * 4, item.hours[1] * 4 + 1))
    room = max(1, (DAYS * DAY - duration) // SLOT)
    earliest = SLOT * int(random.integers(0, room))
    slack = _slots(random.exponential(item.slack))
    urgency = rows.urgency[place]
    latest = min(DAYS * DAY, earliest + duration + max(4 * SLOT, slack * urgency // 3))
    capability = random.random() < 0.25 and item.capabilities
    return EquipmentNeed(
        id=f"en{place:05d}",
        institution=around.institutions[rows.institution[place]].id,
        item=item.name,
        earliest=earliest,
        latest=latest,
        duration_minutes=duration,
        urgency=urgency,
        posted_at=int(rows.posted_at[place]),
        capabilities=frozenset({str(random.choice(item.capabilities))} if capability else ()),
        longest_travel_minutes=int(random.choice((45, 60, 90))),
    )


def _block(item: Item, need: EquipmentNeed) -> int:
    return need.duration_minutes + 30 + (60 if item.movable else 0)


def _units(item: Item, minutes: float, around: Places, random) -> list[Unit]:
    """As many as offer that many minutes in all."""
    units: list[Unit] = []
    while minutes > 0:
        windows = _windows(item, random)
        minutes -= sum(window.ends_at - window.starts_at for window in windows)
        owner = around.institutions[random.choice(len(around.institutions), p=around.supply)]
        held = {name for name in item.capabilities if random.random() < 0.6}
        closed = owner.consortia and random.random() < 0.1
        units.append(
            Unit(
                id=f"un-{item.name}-{len(units):04d}",
                institution=owner.id,
                item=item.name,
                windows=windows,
                capabilities=frozenset(held),
                movable=item.movable,
                cleaning_minutes=int(random.choice((15, 30, 45))),
                requires=frozenset({f"operates:{item.name}"} if item.operated else ()),
                consortia=owner.consortia if closed else frozenset(),
            )
        )
    return units


def _windows(item: Item, random) -> tuple[Interval, ...]:
    """Evenings of a device that is used all day; several days on end of one that stays for days."""
    windows: list[Interval] = []
    at = _slots(random.uniform(0, 2))
    while at < DAYS * DAY:
        end = min(DAYS * DAY, at + _slots(random.uniform(*item.window)))
        if end - at >= 4 * 60:
            windows.append(Interval(at, end))
        at = end + _slots(random.uniform(0.5, 2.5))
    return tuple(windows)


def _slots(days: float) -> int:
    return SLOT * max(1, round(days * DAY / SLOT))
