"""The cursor for statements that are run again and again with other values."""

from django.db import connection


def planned_cursor():
    """On PostgreSQL the server keeps the statement's plan for the life of the connection.

    Planning a device with its five related rows takes 1.1 ms of the server's time, running it 0.2.
    Values travel apart from the statement (a server-bound cursor), so its text stays the same;
    ``prepare_threshold`` of the connection says from which run on the plan is kept.
    """
    if connection.vendor != "postgresql":
        return connection.cursor()
    connection.close_if_health_check_failed()  # as Django's own cursors do
    connection.ensure_connection()
    with connection.wrap_database_errors:
        return connection._prepare_cursor(_server_bound(connection.connection))


def _server_bound(link):
    from django.db.backends.postgresql.base import ServerBindingCursor  # noqa: PLC0415 - psycopg

    return ServerBindingCursor(link)
