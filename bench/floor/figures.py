"""The figures of the city and of an institution by plain SQL over the sums of days, and the
requests behind them."""

from datetime import date, timedelta

from django.db import connection
from django.utils import timezone

from bench.floor.views import as_stored, page, rows_of
from reports.periods import A_DAY, Period, ending, next_month, whole_months
from reports.rollups.columns import SCORED, summed

DAYS, ROWS = 30, 50
SUMMED = ", ".join(summed(name) for name in SCORED)
USED = "SUM(used)"
STEPS = {
    "postgresql": {
        "day": "day", "week": "date_trunc('week', day)", "month": "date_trunc('month', day)",
    },
    "sqlite": {
        "day": "day", "week": "date(day, 'weekday 0', '-6 days')", "month": "substr(day, 1, 7)",
    },
}  # fmt: skip
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


def last_days(days: int = DAYS) -> tuple[Period, Period]:
    """The period, and the one before."""
    period = ending(date.fromisoformat(str(rows_of(COUNTED)[0][0])), days)
    return period, period.before


def sums(of: str, by: str, period: Period, where: str = "", *values, what: str = SUMMED) -> list:
    """``of`` the city or a house: from its whole months and the days at the ends; by the steps of
    the period's trend, where ``by`` names the step."""
    spans = _spans(of, period, days="step" in by and period.step != "month")
    by = by.replace("step", STEPS[connection.vendor][period.step])
    among = " OR ".join(["level = %s AND day BETWEEN %s AND %s"] * len(spans))
    return rows_of(
        f"SELECT {by + ', ' if by else ''}{what} FROM reports_rollupsum WHERE ({among}) {where}"
        f"{' GROUP BY ' + by if by else ''}",
        *(value for span in spans for value in span),
        *values,
    )


def _spans(of: str, period: Period, *, days: bool) -> list[tuple]:
    months = None if days else whole_months(period.first, period.last)
    if months is None:
        return [(f"{of}-day", period.first, period.last)]
    ends = [(period.first, months[0] - A_DAY), (next_month(months[1]), period.last)]
    return [
        (f"{of}-month", *months),
        *((f"{of}-day", *end) for end in ends if end[0] <= end[1]),
    ]


def overview(request):
    """By kind, by the steps of the trend, of the period before, by institution and side; what each
    received, by steps and before; directory, open needs."""
    days = int(request.GET.get("days", DAYS))

    def work():
        period, before = last_days(days)
        given, received = "AND side = 'owner'", "AND side = 'borrower'"
        sums("city", "kind", period, given)
        sums("city", "step", period, given)
        sums("city", "side", before, given)
        sums("house", "institution_key, side", period)
        sums("house", "step, institution_key", period, received, what=USED)
        sums("house", "institution_key", before, received, what=USED)
        return rows_of(DIRECTORY) + rows_of(URGENT), 0

    return page(request, work)


def scorecard(request):
    """All institutions by side, for the rank; one's own by kind, by step and of the time before."""
    here, days = int(request.GET["institution"]), int(request.GET.get("days", DAYS))

    def work():
        period, before = last_days(days)
        own = "AND institution_key = %s"
        every = sums("house", "institution_key, side", period)
        sums("house", "kind, side", period, own, here)
        sums("house", "side", before, own, here)
        trend = "SUM(booked), SUM(offered)"
        sums("house", "step", period, f"{own} AND side = 'owner'", here, what=trend)
        return [row[:2] for row in every], len(every)

    return page(request, work)


def uses(request):
    """The first page of the requests that ended in the period, and how many there are."""
    here = int(request.GET.get("institution", 0))
    whose = "AND (f.owner_key = %s OR f.borrower_key = %s)" if here else ""

    def work():
        period, _before = last_days()
        midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        until = midnight - timedelta(days=(midnight.date() - period.last).days - 1)
        span = as_stored(until - timedelta(days=DAYS)), as_stored(until)
        values = [*span, *([here, here] if here else [])]
        number = rows_of(NUMBER.format(whose=whose), *values)[0][0]
        return rows_of(USES.format(whose=whose), *values), number

    return page(request, work)
