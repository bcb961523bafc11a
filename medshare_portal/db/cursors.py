"""The cursor for statements that are run again and again with other values."""

from functools import lru_cache

from django.db.backends.sqlite3.base import SQLiteCursorWrapper

TEXTS = 1024


def planned_cursor(link):
    """A cursor of this connection that does only once what depends on a statement's text alone.

    On PostgreSQL the server keeps the plan for the life of the connection: planning a device with
    its five related rows takes 1.1 ms of the server's time, running it 0.2.  Values travel apart
    from the statement (a server-bound cursor), so its text stays the same; ``prepare_threshold``
    of the connection says from which run on the plan is kept.  On SQLite the places of the values
    are not looked for in the text at every run.
    """
    link.close_if_health_check_failed()  # as Django's own cursors do
    link.ensure_connection()
    make = _server_bound if link.vendor == "postgresql" else _rewritten_once
    with link.wrap_database_errors:
        return link._prepare_cursor(make(link.connection))


def _server_bound(driver):
    from django.db.backends.postgresql.base import ServerBindingCursor  # noqa: PLC0415 - psycopg

    return ServerBindingCursor(driver)


def _rewritten_once(driver):
    return driver.cursor(factory=RewrittenOnce)


class RewrittenOnce(SQLiteCursorWrapper):
    """Django's, for statements with places in their order."""

    def execute(self, query, params=()):
        return super(SQLiteCursorWrapper, self).execute(_question_marks(query), params)


@lru_cache(TEXTS)
def _question_marks(query: str) -> str:
    return SQLiteCursorWrapper.convert_query(None, query)
