"""Equity, resident by resident, and how far the data can be trusted, row by row."""

from datetime import timedelta

from medshare_portal.models import Institution
from tests.reports.kpis import slow_figures as slow
from tests.reports.references.seen import Seen, share

STALE = timedelta(days=30)


def _houses() -> list[Institution]:
    """Whose residents are known."""
    return list(Institution.unscoped.filter(service_population__gt=0).order_by("pk"))


def _per_thousand(seen: Seen, houses) -> list[float]:
    return [seen.received_hours(h) * 1000 / h.service_population for h in houses]


def _everybody(seen: Seen) -> list[float]:
    """What each resident's institution received for its need."""
    houses = _houses()
    return slow.people(_per_thousand(seen, houses), [h.service_population for h in houses])


def _of_all(of):
    def figure(seen: Seen):
        x = _per_thousand(seen, _houses())
        return {"": of(x) if sum(x) else None}

    return figure


def gini_weighted(seen: Seen):
    x = _everybody(seen)
    return {"": slow.gini(x) if sum(x) else None}


def theil(seen: Seen):
    x, houses = _everybody(seen), _houses()
    if not sum(x):
        return {"": None, "between districts": None, "within districts": None}
    districts = slow.people([h.district_en for h in houses], [h.service_population for h in houses])
    total, between = slow.theil(x), slow.between(x, districts)
    return {"": total, "between districts": between, "within districts": total - between}


def jain(x: list[float]) -> float:
    return sum(a * b for a in x for b in x) / (len(x) * sum(a * a for a in x))


def concentration(seen: Seen):
    houses = [house for house in _houses() if house.beds]
    residents = [house.service_population for house in houses]
    crowding = [house.service_population / house.beds for house in houses]
    x = slow.people(_per_thousand(seen, houses), residents)
    if len(set(crowding)) < 2 or not sum(x):
        return {"": None}
    return {"": slow.concentration(x, slow.people(crowding, residents))}


def received_share(seen: Seen):
    got, gave = seen.received_hours(seen.house), seen.hours()["used"]
    return {"": share(got, got + gave)}


def coded(seen: Seen):
    return {"": share(sum(_coded(row) for row in seen.resources), len(seen.resources))}


def _coded(row) -> bool:
    own = True
    if row.kind == "equipment":
        own = bool(row.equipment.udi_di)
    if row.kind == "medicine":
        own = bool(row.medicine_lot.gtin) and bool(row.medicine_lot.atc)
    return row.category.primary_code_id is not None and own


def stale(seen: Seen):
    old = [r for r in seen.resources if not r.confirmed_at or r.confirmed_at < seen.now - STALE]
    return {"": share(len(old), len(seen.resources))}


OF = {
    "gini": _of_all(slow.gini), "gini_weighted": gini_weighted, "theil": theil,
    "jain": _of_all(jain), "concentration": concentration, "received_share": received_share,
    "coded": coded, "stale": stale,
}  # fmt: skip
