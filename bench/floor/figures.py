"""The figures of the city and of an institution by plain SQL over the numbers of days, and the
requests behind them."""

from datetime import date, timedelta

from django.utils import timezone

from bench.floor.views import as_stored, page, rows_of
from reports.rollups.columns import COLUMNS

DAYS, ROWS = 30, 50
SUMMED = ", ".join(f"SUM({name})" for name in COLUMNS)
TABLE = "FROM reports_dailyrollup WHERE day BETWEEN %s AND %s"
COUNTED = "SELECT MIN(last_day) FROM reports_counteddays"
DIRECTORY = (
    "SELECT i.id, i.name_en, i.name_zh, s.district, i.service_population, s.longitude, s.latitude "
    "FROM medshare_portal_institution i LEFT JOIN medshare_portal_site s "
    "ON s.institution_id = i.id AND s.is_main"
)
URGENT = (
    "SELECT n.id, n.what, n.priority, n.expires_at, i.name_en FROM scheduling_need n "
    "JOIN medshare_portal_institution i ON i.id = n.institution_id "
    "WHERE n.state = 'open' AND n.priority <> 'routine' ORDER BY n.expires_at LIMIT 9"
)
LATEST = (
    "AND NOT EXISTS (SELECT 1 FROM reports_usagefact v WHERE v.request_key = f.request_key "
    "AND v.version > f.version)"
)
USES = (
    "SELECT f.id, f.kind, f.reference, f.resource_en, f.owner_en, f.borrower_en, f.used_from, "
    "f.used_until, f.outcome, f.ended_at FROM reports_usagefact f "
    f"WHERE f.ended_at >= %s AND f.ended_at < %s {{whose}} {LATEST} "
    f"ORDER BY f.ended_at DESC LIMIT {ROWS}"
)
NUMBER = (
    "SELECT COUNT(*) FROM reports_usagefact f "
    f"WHERE f.ended_at >= %s AND f.ended_at < %s {{whose}} {LATEST}"
)


def last_days() -> tuple:
    """First and last day of the period, and of the one before."""
    last = date.fromisoformat(str(rows_of(COUNTED)[0][0]))
    first = last - timedelta(days=DAYS - 1)
    return (first, last), (first - timedelta(days=DAYS), first - timedelta(days=1))


def sums(by: str, days: tuple, where: str = "", *values) -> list:
    grouped = f" GROUP BY {by}" if by else ""
    chosen = f"{by}, {SUMMED}" if by else SUMMED
    return rows_of(f"SELECT {chosen} {TABLE} {where}{grouped}", *days, *values)


def overview(request):
    """By kind, by day, of the period before, by institution and side; directory, open needs."""

    def work():
        days, before = last_days()
        given = "AND side = 'owner'"
        sums("kind", days, given), sums("day", days, given), sums("", before, given)
        sums("institution_key, side", days)
        return rows_of(DIRECTORY) + rows_of(URGENT), 0

    return page(request, work)


def scorecard(request):
    """All institutions by side, for the rank; one's own by kind, by day and of the time before."""
    here = int(request.GET["institution"])

    def work():
        days, before = last_days()
        own = "AND institution_key = %s"
        every = sums("institution_key, side", days)
        sums("kind, side", days, own, here), sums("side", before, own, here)
        sums("day", days, f"{own} AND side = 'owner'", here)
        return [row[:2] for row in every], len(every)

    return page(request, work)


def uses(request):
    """The first page of the requests that ended in the period, and how many there are."""
    here = int(request.GET.get("institution", 0))
    whose = "AND (f.owner_key = %s OR f.borrower_key = %s)" if here else ""

    def work():
        (_first, last), _before = last_days()
        midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        until = midnight - timedelta(days=(midnight.date() - last).days - 1)
        span = as_stored(until - timedelta(days=DAYS)), as_stored(until)
        values = [*span, *([here, here] if here else [])]
        number = rows_of(NUMBER.format(whose=whose), *values)[0][0]
        return rows_of(USES.format(whose=whose), *values), number

    return page(request, work)
