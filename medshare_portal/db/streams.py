"""Rows by the million in little memory, without keeping anybody out.

PostgreSQL reads from a cursor of its own.  SQLite would keep every writer waiting for as long as
a reader with a slow line takes, so there each piece is a statement of its own that goes on behind
the last key.
"""

from collections.abc import Iterator

from django.db import connections
from django.db.models import QuerySet

AT_ONCE = 2000


def streamed(rows: QuerySet, *names: str, at_once: int = AT_ONCE) -> Iterator[list]:
    """The values of ``names`` of every row, the row that was written last first."""
    rows = rows.order_by("-pk").values_list("pk", *names)
    if connections[rows.db].vendor == "postgresql":
        for _key, *values in rows.iterator(chunk_size=at_once):
            yield values
        return
    left = rows
    while piece := list(left[:at_once]):
        for _key, *values in piece:
            yield values
        left = rows.filter(pk__lt=piece[-1][0])
