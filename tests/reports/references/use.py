"""Use, idleness and readiness of equipment, hour by hour."""

from collections import defaultdict

from tests.reports.references.seen import Seen, share

EQUIPMENT = "equipment"


def _of(numerator: str, denominator: str):
    def figure(seen: Seen):
        hours = seen.hours(EQUIPMENT)
        return {"": share(hours[numerator], hours[denominator])}

    return figure


def net(seen: Seen):
    hours = seen.hours(EQUIPMENT)
    return {"": share(hours["used"], hours["offered"] - hours["down"])}


def sharing_rate(seen: Seen):
    hours = seen.hours(EQUIPMENT)
    return {"": share(hours["used"], hours["used"] + hours["own"])}


def availability(seen: Seen):
    hours = seen.hours(EQUIPMENT)
    return {"": share(hours["offered"] - hours["down"], hours["offered"])}


def _devices(seen: Seen) -> list:
    return [row for row in seen.resources if row.kind == EQUIPMENT]


def gross(seen: Seen):
    hours = seen.hours(EQUIPMENT)
    expected = sum(float(r.equipment.rated_hours_day) * r.units for r in _devices(seen)) * seen.days
    return {"": share(hours["used"] + hours["own"], expected)}


def rated(seen: Seen):
    """Thirty hours a week for each, in periods of at least a week and less than a year."""
    assert 7 <= seen.days < 365
    hours = seen.hours(EQUIPMENT)
    units = sum(row.units for row in _devices(seen))
    return {"": share(hours["used"] + hours["own"], units * 30 / 7 * seen.days)}


def _classes(seen: Seen) -> dict:
    """Devices now of one owner and category, where all say what they can."""
    found = defaultdict(list)
    for row in _devices(seen):
        found[row.institution_id, row.category_id].append(row)
    return {
        key: rows
        for key, rows in found.items()
        if all(row.equipment.max_daily_capacity and row.equipment.avg_duration for row in rows)
    }


def _used_by_class(seen: Seen, key) -> float:
    mine = [t for t in seen.things if (t.resource.institution_id, t.resource.category_id) == key]
    return sum(thing.hours["used"] + thing.hours["own"] for thing in mine)


def by_time(seen: Seen):
    classes = _classes(seen)
    used = sum(_used_by_class(seen, key) for key in classes)
    a_day = sum(
        row.units * float(row.equipment.rated_hours_day) for r in classes.values() for row in r
    )
    return {"": share(used, a_day * seen.days)}


def by_capacity(seen: Seen):
    made = most = 0
    for key, rows in _classes(seen).items():
        minutes = sum(row.equipment.avg_duration for row in rows) / len(rows)
        made += _used_by_class(seen, key) * 60 / minutes
        most += sum(row.units * row.equipment.max_daily_capacity for row in rows)
    return {"": share(made, most * seen.days)}


def _failures(seen: Seen) -> int:
    return sum(thing.failures() for thing in seen.things if thing.resource.kind == EQUIPMENT)


def mtbf(seen: Seen):
    hours = seen.hours(EQUIPMENT)
    return {"": share(hours["offered"] - hours["down"], _failures(seen))}


def mttr(seen: Seen):
    return {"": share(seen.hours(EQUIPMENT)["repair"], _failures(seen))}


def maintenance(seen: Seen):
    planned = [row for row in _devices(seen) if row.equipment.next_pm_due]
    late = [row for row in planned if row.equipment.next_pm_due < seen.today]
    return {"": share(len(planned) - len(late), len(planned))}


OF = {
    "scheduled": _of("booked", "offered"), "gross": gross, "net": net, "rated": rated,
    "by_time": by_time, "by_capacity": by_capacity, "by_load": _of("load", "most"),
    "idle_hours": lambda seen: {"": seen.hours(EQUIPMENT)["idle"]}, "idle_rate": _of("idle", "offered"),
    "sharing_rate": sharing_rate, "idle_conversion": _of("used", "offered"),
    "availability": availability, "mtbf": mtbf, "mttr": mttr, "maintenance": maintenance,
}  # fmt: skip
