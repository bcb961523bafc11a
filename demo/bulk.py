"""Writes very many rows quickly: COPY on PostgreSQL, ``executemany`` on SQLite.

Constraints and triggers stay in force; only the ORM's work per row is left out.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from itertools import islice

from django.core.management.color import no_style
from django.db import connection

CHUNK = 20_000


class BulkTable:
    """Writes tuples of a model's columns; primary keys are counted here, from the highest on."""

    def __init__(self, model, names: Iterable[str]):
        fields = [model._meta.get_field(name) for name in names]
        self.model, self.table = model, connection.ops.quote_name(model._meta.db_table)
        columns = ["id", *(field.column for field in fields)]
        self.columns = ", ".join(connection.ops.quote_name(column) for column in columns)
        self.places = ", ".join(["%s"] * len(columns))
        self.written = 0
        self.next_pk = (
            model.unscoped.order_by("-pk").values_list("pk", flat=True).first() or 0
        ) + 1

    def write(self, rows: Iterable[tuple]) -> None:
        """Rows without their primary key, in the order of ``names``."""
        numbered = self._numbered(rows)
        self._copy(numbered) if connection.vendor == "postgresql" else self._insert(numbered)

    def finish(self) -> None:
        """Let the database count on from our last key."""
        statements = connection.ops.sequence_reset_sql(no_style(), [self.model])
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def _numbered(self, rows):
        for row in rows:
            yield (self.next_pk, *row)
            self.next_pk += 1
            self.written += 1

    def _copy(self, rows) -> None:
        statement = f"COPY {self.table} ({self.columns}) FROM STDIN"
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(_adapted(row, FOR_POSTGRESQL))

    def _insert(self, rows) -> None:
        statement = f"INSERT INTO {self.table} ({self.columns}) VALUES ({self.places})"  # noqa: S608 - quoted names
        with connection.cursor() as cursor:
            while chunk := list(islice(rows, CHUNK)):
                cursor.executemany(statement, [_adapted(row, FOR_SQLITE) for row in chunk])


def _json(value) -> str:
    return json.dumps(value, ensure_ascii=False) if value else str(value)


def _utc_text(value: datetime) -> str:
    """As Django stores it on SQLite: without the zone, which is UTC for all our times."""
    return str(value)[: -len("+00:00")]


FOR_POSTGRESQL = {dict: _json, list: _json}
FOR_SQLITE = {dict: _json, list: _json, datetime: _utc_text, Decimal: str}


def _adapted(row: tuple, adapters: dict) -> list:
    return [adapters[type(value)](value) if type(value) in adapters else value for value in row]
