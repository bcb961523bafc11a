"""The least that storing a request takes: the rows that the portal stores, by plain SQL.

One transaction: the form's key, a look for conflicts, a request like another one and its log
entry, an audit event in each side's chain, a notification for each person told.
"""

import hashlib
import secrets

from django.db import connection, transaction
from django.http import HttpResponse, HttpResponseForbidden
from django.utils import timezone

from bench.floor.statements import BOOKED, CHAIN, EVENT, FORM, HEAD, NOTIFICATION
from bench.floor.views import as_stored, moments, person, rows_of

COPIES: dict[str, str] = {}


def create(request):
    who = person(request)
    if who is None:
        return HttpResponseForbidden()
    now = as_stored(timezone.now())
    with transaction.atomic():
        _write(FORM, who[0], secrets.token_hex(16), "0" * 64, "/", now)
        rows_of(BOOKED + "AND q.resource_id = %s", *reversed(moments(request)), 1)
        _copy("scheduling_sharingrequest", int(request.GET["like"]))
        _copy("scheduling_transitionlog", int(request.GET["log"]))
        for chain in sorted(request.GET.getlist("chain")):
            _append(chain, who, now)
        key = secrets.token_hex(16)
        for user in request.GET.getlist("told"):
            _write(NOTIFICATION, int(user), "bench", key, "{}", now, "digest", 0)
    return HttpResponse(status=302, headers={"Location": "/"})


def _write(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _append(chain, who, now):
    lock = "" if connection.vendor == "sqlite" else " FOR UPDATE"
    length, head = rows_of(CHAIN + lock, chain)[0]
    mark = hashlib.sha256(f"{head}{length}".encode()).hexdigest()
    _write(EVENT, chain, length + 1, now, *who, "bench", "bench", "1", "bench", "{}", head, mark)
    _write(HEAD, length + 1, mark, chain)


def _copy(table, pk):
    with connection.cursor() as cursor:
        if table not in COPIES:
            cursor.execute(f"SELECT * FROM {table} LIMIT 0")
            names = [column[0] for column in cursor.description]
            COPIES[table] = ", ".join(name for name in names if name != "id")
        columns = COPIES[table]
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table} WHERE id = %s", [pk]
        )
