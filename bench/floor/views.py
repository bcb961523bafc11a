"""The least that a server can do for each page."""

from django.core import signing
from django.db import connection, transaction
from django.http import HttpResponse, HttpResponseForbidden
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime

HOLDING = "('held', 'countered', 'approved', 'underway', 'finished')"
SESSION = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"
PERSON = "SELECT id, full_name FROM medshare_portal_user WHERE id = %s AND is_active"
NAMED = (
    "FROM resources_resource r JOIN medshare_portal_institution i ON i.id = r.institution_id "
    "JOIN medshare_portal_site s ON s.id = r.site_id "
    "JOIN resources_category c ON c.id = r.category_id WHERE r.status = 'listed' "
)
COLUMNS = "SELECT r.id, r.code, r.name_en, r.units, i.name_en, s.name_en, c.name_en "
MATCHING = NAMED + "AND r.search_text LIKE %s AND r.visibility = 'all' "
FREE = (
    NAMED + "AND r.category_id = %s AND EXISTS (SELECT 1 FROM resources_offeredinterval o "
    "WHERE o.resource_id = r.id AND o.starts_at <= %s AND o.ends_at >= %s) "
    f"AND NOT EXISTS (SELECT 1 FROM scheduling_sharingrequest q WHERE q.resource_id = r.id "
    f"AND q.state IN {HOLDING} AND q.blocked_from < %s AND q.blocked_until > %s) "
)
BOOKED = (
    "SELECT q.id, q.resource_id, q.state, q.starts_at, q.ends_at, i.name_en "
    "FROM scheduling_sharingrequest q JOIN medshare_portal_institution i ON i.id = q.borrower_id "
    f"WHERE q.state IN {HOLDING} AND q.blocked_from < %s AND q.blocked_until > %s "
)
KEPT = (
    "SELECT id, resource_id, reason, starts_at, ends_at, note FROM resources_busyblock "
    "WHERE resource_id = %s AND starts_at < %s AND ends_at > %s"
)
OFFERED = (
    "SELECT id, resource_id, '', starts_at, ends_at, '' FROM resources_offeredinterval "
    "WHERE resource_id = %s AND starts_at < %s AND ends_at > %s"
)


def healthz(request):
    return HttpResponse("ok")


def rows_of(statement, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def person(request):
    """Session and user, as every page needs them."""
    key = request.COOKIES.get("medshare_session", "")
    found = rows_of(SESSION, key, _as_stored(timezone.now()))
    if not found:
        return None
    data = signing.loads(
        found[0][0],
        salt="django.contrib.sessions.SessionStore",
        serializer=signing.JSONSerializer,
    )
    return rows_of(PERSON, int(data["_auth_user_id"]))[0]


def moments(request):
    return [_as_stored(parse_datetime(request.GET[name])) for name in ("from", "until")]


def _as_stored(moment):
    return connection.ops.adapt_datetimefield_value(moment)


def page(request, work):
    who = person(request)
    if who is None:
        return HttpResponseForbidden()
    rows, count = work()
    return render(request, "rows.html", {"user": who[1], "rows": rows, "count": count})


def catalogue(request):
    def work():
        words = f"%{request.GET['q']}%"
        count = rows_of("SELECT COUNT(*) " + MATCHING, words)[0][0]
        return rows_of(COLUMNS + MATCHING + "ORDER BY r.name_en, r.id LIMIT 50", words), count

    return page(request, work)


def free(request):
    def work():
        first, last = moments(request)
        values = (request.GET["category"], first, last, last, first)
        rows = rows_of(COLUMNS + FREE + "ORDER BY r.id LIMIT 25", *values)
        return rows, len(rows)

    return page(request, work)


def week(request):
    def work():
        first, last = moments(request)
        resource = request.GET["resource"]
        rows = rows_of(BOOKED + "AND q.resource_id = %s", last, first, resource)
        rows += rows_of(KEPT, resource, last, first) + rows_of(OFFERED, resource, last, first)
        return rows, len(rows)

    return page(request, work)


def day(request):
    def work():
        first, last = moments(request)
        rows = rows_of(BOOKED + "ORDER BY q.resource_id, q.blocked_from", last, first)
        return rows, rows_of("SELECT COUNT(*) FROM resources_resource")[0][0]

    return page(request, work)


def timeline(request):
    def work():
        first, last = moments(request)
        devices = [row[0] for row in rows_of("SELECT r.id " + NAMED + "ORDER BY r.id LIMIT 50")]
        marks = ", ".join(["%s"] * len(devices))
        rows = rows_of(BOOKED + f"AND q.resource_id IN ({marks})", last, first, *devices)
        return rows, len(devices)

    return page(request, work)


def create(request):
    """A request like another one and its log entry, in one transaction."""
    who = person(request)
    if who is None:
        return HttpResponseForbidden()
    with transaction.atomic():
        rows_of(BOOKED + "AND q.resource_id = %s", *reversed(moments(request)), 1)
        _copy("scheduling_sharingrequest", int(request.GET["like"]))
        _copy("scheduling_transitionlog", int(request.GET["log"]))
    return HttpResponse(status=302, headers={"Location": "/"})


def _copy(table, pk):
    with connection.cursor() as cursor:
        description = connection.introspection.get_table_description
        if table not in COPIES:
            names = [column.name for column in description(cursor, table) if column.name != "id"]
            COPIES[table] = ", ".join(names)
        columns = COPIES[table]
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table} WHERE id = %s", [pk]
        )


COPIES: dict[str, str] = {}
