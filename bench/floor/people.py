"""Who can cover a shift, by plain SQL: counts, the nearest, their papers, their hours and rest."""

from datetime import timedelta

from django.utils.dateparse import parse_datetime

from bench.floor.statements import HOLDING, places
from bench.floor.views import as_stored, page, rows_of

NEAREST = 200
SKILLED = (
    "FROM resources_resource r JOIN resources_staffmember m ON m.resource_id = r.id "
    "JOIN medshare_portal_institution i ON i.id = r.institution_id "
    "JOIN medshare_portal_site s ON s.id = r.site_id "
    "JOIN resources_category c ON c.id = r.category_id "
    "JOIN resources_staffmember_specialties t ON t.staffmember_id = m.resource_id "
    "JOIN medshare_portal_code k ON k.id = t.code_id "
    "WHERE r.kind = 'staff' AND r.status = 'listed' AND r.visibility = 'all' "
    "AND c.slug = '2221' AND k.code = '28' AND r.institution_id <> %s "
)
OFFERED = (
    "AND EXISTS (SELECT 1 FROM resources_offeredinterval o WHERE o.resource_id = r.id "
    "AND o.starts_at <= %s AND o.ends_at >= %s) "
)
FREE = (
    "AND NOT EXISTS (SELECT 1 FROM resources_committedshift h WHERE h.resource_id = r.id "
    "AND h.starts_at < %s AND h.ends_at > %s) "
    "AND NOT EXISTS (SELECT 1 FROM scheduling_sharingrequest q WHERE q.resource_id = r.id "
    f"AND q.state IN {HOLDING} AND q.blocked_from < %s AND q.blocked_until > %s) "
)
NEAR = (
    "SELECT r.id, r.code, r.name_en, i.name_en, m.title_level, m.licence_status, "
    "m.licence_valid_until, (s.latitude - 30.27) * (s.latitude - 30.27) "
    "+ (s.longitude - 120.15) * (s.longitude - 120.15) AS far "
)
PAPERS = (
    "SELECT resource_id, kind, valid_until FROM resources_credential WHERE resource_id IN {} "
    "UNION ALL SELECT resource_id, basis, valid_until FROM resources_practicebasis "
    "WHERE resource_id IN {} AND host_id = %s "
    "UNION ALL SELECT resource_id, insurer, valid_until FROM resources_indemnity "
    "WHERE resource_id IN {}"
)
SHIFTS = (
    "SELECT resource_id, starts_at, ends_at, CASE WHEN ends_at <= %s THEN -1 "
    "WHEN starts_at >= %s THEN 1 ELSE 0 END FROM resources_committedshift "
    "WHERE starts_at < %s AND ends_at > %s AND resource_id IN {} ORDER BY resource_id, starts_at"
)
WEEKS = timedelta(days=28)


def people(request):
    def work():
        first, last = (as_stored(parse_datetime(request.GET[name])) for name in ("from", "until"))
        host = int(request.GET["host"])
        offered, free = (host, first, last), (host, first, last, last, first, last, first)
        rows_of("SELECT COUNT(*) " + SKILLED, host)
        rows_of("SELECT COUNT(*) " + SKILLED + OFFERED, *offered)
        count = rows_of("SELECT COUNT(*) " + SKILLED + OFFERED + FREE, *free)[0][0]
        near = f"{NEAR}{SKILLED}{OFFERED}{FREE}ORDER BY far, r.id LIMIT {NEAREST}"
        found = rows_of(near, *free)
        keys = [row[0] for row in found]
        among = places(keys)
        papers = rows_of(PAPERS.format(among, among, among), *keys, *keys, host, *keys)
        start = parse_datetime(request.GET["monday"])
        span = as_stored(start + 2 * WEEKS), as_stored(start - WEEKS)
        shifts = rows_of(SHIFTS.format(among), first, last, *span, *keys)
        return [*found[:60], *_summed(found, papers, shifts)], count

    return page(request, work)


def _summed(found, papers, shifts):
    """Per person: papers, shifts, the end before and the beginning after, the hours of all."""
    held, sums = {}, {}
    for key, *_paper in papers:
        held[key] = held.get(key, 0) + 1
    for key, starts_at, ends_at, side in shifts:
        number, before, after = sums.get(key, (0, None, None))
        if side < 0:
            before = ends_at
        elif side and after is None:
            after = starts_at
        sums[key] = (number + 1, before, after)
    return [(row[0], held.get(row[0], 0), *sums.get(row[0], ())) for row in found[:60]]
