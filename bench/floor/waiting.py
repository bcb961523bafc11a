"""What waits and what moves, by plain SQL: the inbox, a hospital's home page, the city's."""

from datetime import timedelta

from django.utils import timezone

from bench.floor.figures import USED, last_days, sums
from bench.floor.statements import places
from bench.floor.views import as_stored, marks, page, rows_of

ROWS, TASKS, SHOWN = 30, 12, 5
DAY = timedelta(days=1)
JOINED = (
    "FROM scheduling_sharingrequest q JOIN resources_resource r ON r.id = q.resource_id "
    "JOIN medshare_portal_site s ON s.id = r.site_id "
    "JOIN resources_category c ON c.id = r.category_id "
    "JOIN medshare_portal_institution b ON b.id = q.borrower_id "
    "JOIN medshare_portal_institution o ON o.id = q.owner_id "
)
NAMED = (
    "SELECT q.id, q.resource_id, q.due_at, q.state, q.priority, q.starts_at, q.ends_at, r.name_en, "
    "r.code, c.name_en, s.time_zone, b.name_en, o.name_en "
)
# By side: asked for either at once, SQLite may walk through everything.
WAITING = (
    "SELECT id FROM scheduling_sharingrequest WHERE owner_id = %s "
    "AND state IN ('requested', 'finished') UNION ALL "
    "SELECT id FROM scheduling_sharingrequest WHERE borrower_id = %s AND state = 'countered'"
)
LONGER = (
    "SELECT t.id, t.due_at FROM scheduling_timechange t JOIN scheduling_sharingrequest q "
    "ON q.id = t.sharing_request_id WHERE q.owner_id = %s AND t.kind = 'extension' "
    "AND t.status = 'pending'"
)
ASKED = (
    "SELECT COUNT(*) FROM scheduling_sharingrequest WHERE borrower_id = %s "
    "AND state IN ('requested', 'countered')"
)
DONE = (
    "SELECT COUNT(*) FROM scheduling_sharingrequest WHERE owner_id = %s AND created_at >= %s "
    "AND decided_at >= %s"
)
SECTIONS = (  # of the home page: a condition and the order
    ("q.owner_id = %s AND q.state = 'underway' AND q.ends_at IS NOT NULL", "q.ends_at"),
    ("q.borrower_id = %s AND q.state = 'underway' AND q.ends_at IS NOT NULL", "q.ends_at"),
    ("q.borrower_id = %s AND q.state = 'approved' AND q.starts_at < %s", "q.starts_at"),
    ("q.owner_id = %s AND q.state = 'underway' AND q.ends_at < %s", "q.starts_at"),
    ("q.owner_id = %s AND q.state = 'approved' AND q.starts_at < %s", "q.starts_at"),
)
MOVES = (
    "SELECT id, state, starts_at, ends_at FROM scheduling_sharingrequest WHERE {side} = %s "
    "AND state IN ('approved', 'underway') AND (starts_at < %s OR ends_at < %s)"
)
UNCONFIRMED = (
    "SELECT f.id, r.name_en, r.code, f.confirmed_at, COUNT(*) OVER () FROM resources_offer f "
    "JOIN resources_resource r ON r.id = f.resource_id WHERE f.institution_id = %s "
    "AND f.status = 'published' AND f.confirmed_at < %s ORDER BY f.confirmed_at LIMIT 5"
)
MAINTENANCE = (
    "SELECT r.id, r.name_en, r.code, e.next_pm_due, COUNT(*) OVER () FROM resources_equipment e "
    "JOIN resources_resource r ON r.id = e.resource_id WHERE r.institution_id = %s "
    "AND r.status IN ('listed', 'paused') AND (e.next_pm_due <= %s OR e.calibration_due <= %s "
    "OR e.safety_test_due <= %s) ORDER BY e.next_pm_due LIMIT 5"
)
WANTED = (  # others' needs of our categories or of those above, not answered by us
    "SELECT n.id, n.what, n.priority, n.expires_at, i.name_en, c.name_en, (SELECT MIN(r.id) "
    "FROM resources_resource r JOIN resources_category b ON b.id = r.category_id "
    "WHERE r.institution_id = %s AND r.status <> 'retired' AND b.kind = n.kind "
    "AND b.path LIKE c.path || '%%') AS ours FROM scheduling_need n "
    "JOIN medshare_portal_institution i ON i.id = n.institution_id "
    "LEFT JOIN resources_category c ON c.id = n.category_id "
    "WHERE n.state = 'open' AND n.institution_id <> %s AND NOT EXISTS (SELECT 1 "
    "FROM scheduling_needanswer a WHERE a.need_id = n.id AND a.institution_id = %s "
    "AND a.taken_back_at IS NULL) ORDER BY CASE n.priority WHEN 'stat' THEN 0 WHEN 'asap' THEN 1 "
    "WHEN 'urgent' THEN 2 ELSE 3 END, n.expires_at, n.id LIMIT 12"
)
WARNINGS = (
    "SELECT id, name_en, name_zh, warned, severity, figures FROM reports_forecast "
    "WHERE institution_id = %s AND warned <> '' ORDER BY severity DESC LIMIT 5"
)
ROUND = (
    "SELECT id, number, state FROM scheduling_matchingrun WHERE institution_id = %s "
    "ORDER BY number DESC LIMIT 1"
)
PROPOSED = (
    "SELECT COUNT(*) FROM scheduling_proposal WHERE borrower_id = %s AND state = 'published' "
    "UNION ALL SELECT COUNT(*) FROM scheduling_proposal WHERE owner_id = %s AND state = 'published'"
)
OPEN = (
    "SELECT owner_id, state, COUNT(*), SUM(CASE WHEN state = 'underway' AND ends_at < %s THEN 1 "
    "ELSE 0 END), SUM(CASE WHEN due_at < %s THEN 1 ELSE 0 END) FROM scheduling_sharingrequest "
    "WHERE state IN ('requested', 'countered', 'approved', 'underway', 'finished') "
    "GROUP BY owner_id, state"
)


def inbox(request):
    """The numbers of the tabs, the first rows, and what the rules look at for them."""
    here, now = int(request.GET["institution"]), timezone.now()

    def work():
        rows, number = _tasks(here, ROWS)
        rows_of(ASKED, here)
        since = as_stored(now - 30 * DAY)
        rows_of(DONE, here, as_stored(now - 90 * DAY), since)
        return rows, number

    return page(request, work)


def _tasks(here: int, most: int):
    waiting = [row[0] for row in rows_of(WAITING, here, here)]
    longer = rows_of(LONGER, here)
    if not waiting:
        return longer, len(longer)
    among = f"WHERE q.id IN {places(waiting)} ORDER BY q.due_at, q.id LIMIT {most}"
    rows = rows_of(NAMED + JOINED + among, *waiting)
    devices = list({row[1] for row in rows})
    now = timezone.now()
    around = marks(devices, now, now + 14 * DAY)
    rivals = rows_of(
        "SELECT q.id, q.resource_id, q.starts_at, q.ends_at, b.name_en " + JOINED
        + f"WHERE q.state = 'requested' AND q.resource_id IN {places(devices)}",
        *devices,
    )  # fmt: skip
    return rows + around + rivals, len(waiting) + len(longer)


def home(request):
    """What waits, what is out, what comes, the week, offers to confirm, maintenance, what others
    need, what the forecast warns of, the round at hand."""
    here, now = int(request.GET["institution"]), timezone.now()

    def work():
        rows, number = _tasks(here, TASKS)
        for condition, order in SECTIONS:
            values = [here, as_stored(now + DAY)][: condition.count("%s")]
            counted = f"{NAMED}, COUNT(*) OVER () {JOINED} WHERE {condition} "
            rows += rows_of(f"{counted} ORDER BY {order}, q.id LIMIT {SHOWN}", *values)
        week = as_stored(now + 7 * DAY)
        for side in ("owner_id", "borrower_id"):
            rows += rows_of(MOVES.format(side=side), here, week, week)
        rows += rows_of(UNCONFIRMED, here, as_stored(now - 14 * DAY))
        rows += [row[:6] for row in rows_of(WANTED, here, here, here)]
        rows += rows_of(WARNINGS, here) + rows_of(ROUND, here) + rows_of(PROPOSED, here, here)
        day = (now + 30 * DAY).date()
        return rows + rows_of(MAINTENANCE, here, day, day, day), number

    return page(request, work)


def city(request):
    """Per institution what is open, late and unanswered, and a month's hours on either side."""
    moment = as_stored(timezone.now())

    def work():
        rows = rows_of("SELECT id, name_en, name_zh FROM medshare_portal_institution")
        opened = rows_of(OPEN, moment, moment)
        period, _before = last_days()
        hours = sums("house", "side, institution_key", period, what=USED)
        return rows + opened + hours, len(rows)

    return page(request, work)
