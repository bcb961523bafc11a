"""The least that a server can do for each page."""

from datetime import date, datetime, timedelta

from django.core import signing
from django.db import connection
from django.http import HttpResponse, HttpResponseForbidden
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from bench.floor.statements import (
    AT_RISK,
    AT_RISK_ROWS,
    AT_RISK_SUMS,
    BOOKED,
    COLUMNS,
    DAYS_UNTIL,
    DEVICES,
    FREE,
    KEPT,
    LOOKS,
    MATCHING,
    NAMED,
    OFFERED,
    PERSON,
    SESSION,
    places,
)

PAGE = 50
LONGEST = timedelta(days=190)  # no booking with its buffers is longer


def healthz(request):
    return HttpResponse("ok")


def rows_of(statement, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def person(request):
    """Session and user, as every page needs them."""
    key = request.COOKIES.get("medshare_session", "")
    found = rows_of(SESSION, key, as_stored(timezone.now()))
    if not found:
        return None
    data = signing.loads(
        found[0][0],
        salt="django.contrib.sessions.SessionStore",
        serializer=signing.JSONSerializer,
    )
    return rows_of(PERSON, int(data["_auth_user_id"]))[0]


def asked(request):
    return [parse_datetime(request.GET[name]) for name in ("from", "until")]


def moments(request):
    return [as_stored(moment) for moment in asked(request)]


def as_stored(moment):
    return connection.ops.adapt_datetimefield_value(moment)


def page(request, work):
    who = person(request)
    if who is None:
        return HttpResponseForbidden()
    rows, count = work()
    cells = [[_plain(cell) for cell in row] for row in rows]
    return render(request, "rows.html", {"user": who[1], "rows": cells, "count": count})


def _plain(cell):
    """A moment as ISO text: the template's own way with moments is five times as slow."""
    return cell.isoformat() if isinstance(cell, datetime) else cell


def marks(devices, first, last):
    """What is booked, kept and offered of some devices: what a timeline shows of them."""
    earliest, first, last = (as_stored(moment) for moment in (first - LONGEST, first, last))
    among = places(devices)
    bounded = f"{BOOKED} AND q.blocked_from > %s AND q.resource_id IN {among}"
    booked = rows_of(bounded, last, first, earliest, *devices)
    kept = rows_of(KEPT + among, last, first, *devices)
    return booked + kept + rows_of(OFFERED + among, last, first, *devices)


def catalogue(request):
    def work():
        words = f"%{request.GET['q']}%"
        count = rows_of("SELECT COUNT(*) " + MATCHING, words)[0][0]
        return rows_of(f"{COLUMNS}{MATCHING}ORDER BY r.name_en, r.id LIMIT {PAGE}", words), count

    return page(request, work)


def free(request):
    def work():
        first, last = moments(request)
        values = (request.GET["category"], first, last, last, first)
        rows = rows_of(COLUMNS + FREE + "ORDER BY r.id LIMIT 25", *values)
        devices = [row[0] for row in rows]
        first, last = asked(request)
        around = (first - timedelta(days=2), last + timedelta(days=4))  # the days of the axis
        return rows + (marks(devices, *around) if devices else []), len(rows)

    return page(request, work)


def week(request):
    def work():
        resource = int(request.GET["resource"])
        rows = marks([resource], *asked(request))
        return rows_of(COLUMNS + NAMED + "AND r.id = %s", resource) + rows, len(rows)

    return page(request, work)


def day(request):
    """The whole city's bookings of a day; nothing bounds their start from below."""

    def work():
        first, last = moments(request)
        rows = rows_of(BOOKED + "ORDER BY q.resource_id, q.blocked_from", last, first)
        return rows, rows_of("SELECT COUNT(*) FROM resources_resource")[0][0]

    return page(request, work)


def timeline(request):
    def work():
        devices = rows_of(f"{DEVICES} LIMIT {PAGE}")
        return devices + marks([row[0] for row in devices], *asked(request)), len(devices)

    return page(request, work)


def looks(request):
    def work():
        rows = rows_of(LOOKS, int(request.GET["institution"]), int(request.GET["before"]))
        return rows, len(rows)

    return page(request, work)


def at_risk(request):
    """The sums of the buckets and the first page, worked out where the rows lie."""

    def work():
        today, *until = [date.fromisoformat(day) for day in request.GET.getlist("day")]
        days = DAYS_UNTIL[connection.vendor].format(today=f"'{today.isoformat()}'")
        lots = AT_RISK.replace("{days}", days)
        of_pharmacy = (int(request.GET["institution"]), today, until[-1])
        sums = rows_of(lots + AT_RISK_SUMS, *of_pharmacy, *until[:3])
        return sums + rows_of(lots + AT_RISK_ROWS, *of_pharmacy, until[2]), len(sums)

    return page(request, work)
