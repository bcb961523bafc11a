"""The rows that a register of equipment is made of, by plain SQL: nothing is added up or drawn."""

from datetime import UTC, datetime, timedelta

from bench.floor.figures import last_days
from bench.floor.statements import places
from bench.floor.views import as_stored, page, rows_of

LOOKED_BACK = timedelta(days=90)
OPEN = "('requested', 'countered', 'approved', 'underway', 'finished')"
DEVICES = (
    "SELECT r.id, r.code, r.name_en, r.units, i.name_en, s.name_en, s.time_zone, c.name_en, "
    "e.next_pm_due, r.institution_id FROM resources_resource r "
    "JOIN resources_equipment e ON e.resource_id = r.id "
    "JOIN medshare_portal_institution i ON i.id = r.institution_id "
    "JOIN medshare_portal_site s ON s.id = r.site_id "
    "JOIN resources_category c ON c.id = r.category_id "
    "WHERE r.kind = 'equipment' AND c.slug = %s ORDER BY r.institution_id, r.id LIMIT 400"
)
CLASSES = "SELECT category_id, COUNT(*) FROM resources_resource WHERE kind = 'equipment' GROUP BY 1"
FACTS = (
    "SELECT f.resource_key, f.units, f.state, f.blocked_from, f.blocked_until, f.used_from, "
    "f.used_until, f.starts_at, f.ends_at FROM reports_usagefact f WHERE f.owner_key IN {owners} "
    "AND f.resource_key IN {devices} AND f.last_day >= %s AND f.first_day <= %s "
    "AND NOT EXISTS (SELECT 1 FROM reports_usagefact v WHERE v.request_key = f.request_key "
    "AND v.version > f.version)"
)
ASKED = (
    "SELECT q.resource_id, q.units, q.state, q.blocked_from, q.blocked_until, q.starts_at, "
    f"q.ends_at FROM scheduling_sharingrequest q WHERE q.state IN {OPEN} AND q.resource_id IN "
)
SPANS = "SELECT resource_id, starts_at, ends_at FROM {table} WHERE starts_at < %s AND ends_at > %s "
TIMES = ("resources_offeredinterval", "resources_busyblock", "resources_uselogentry")
LAST_USED = (
    "SELECT resource_key, MAX(used_until) FROM reports_usagefact WHERE owner_key IN {owners} "
    "AND resource_key IN {devices} AND last_day >= %s AND used_until >= %s GROUP BY resource_key"
)
LAST_KEPT = "SELECT resource_id, MAX(ends_at) FROM {table} WHERE ends_at >= %s "


def register(request):
    def work():
        period, _before = last_days()
        rows_of(CLASSES)
        devices = rows_of(DEVICES, request.GET["category"])
        keys, owners = [row[0] for row in devices], sorted({row[9] for row in devices})
        among = {"owners": places(owners), "devices": places(keys)}
        both = (*owners, *keys)
        until = datetime.combine(period.last + timedelta(days=2), datetime.min.time())
        since = datetime.combine(period.first - timedelta(days=1), datetime.min.time())
        far = until - LOOKED_BACK
        rows_of(FACTS.format(**among), *both, period.first, period.last)
        rows_of(ASKED + among["devices"], *keys)
        here = f"AND resource_id IN {among['devices']}"
        for table in TIMES:
            rows_of(SPANS.format(table=table) + here, stored(until), stored(since), *keys)
        rows_of(LAST_USED.format(**among), *both, far.date(), stored(far))
        for table in TIMES[1:]:
            rows_of(f"{LAST_KEPT.format(table=table)}{here} GROUP BY 1", stored(far), *keys)
        return devices[:60], len(devices)

    return page(request, work)


def stored(moment: datetime):
    """UTC."""
    return as_stored(moment.replace(tzinfo=UTC))
