"""INSERT and UPDATE statements that are compiled once and run many times.

The writing twin of ``prepared``: Django compiles ``save()`` anew for every row.  Values pass
through the model's own fields, so defaults and types are those of ``save()``; no signals are sent,
so these are for rows that nobody listens to (logs, the outbox, the audit trail, the request that
its own action writes).

    LOGGED = PreparedInsert(TransitionLog)
    LOGGED.one(TransitionLog(…))
"""

from collections.abc import Callable, Iterable

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import AutoField, Field, Model, QuerySet, sql

from medshare_portal.db.cursors import planned_cursor
from medshare_portal.db.prepared import Bind, filled


class PreparedInsert:
    """New rows of a model.  ``conflict`` is what an ``ON CONFLICT`` says, where one may happen."""

    def __init__(self, model: type[Model], conflict: str = ""):
        self.model, self.conflict = model, conflict
        fields = model._meta.concrete_fields
        self.fields = [field for field in fields if not isinstance(field, AutoField)]

    def one(self, row: Model) -> bool:
        """Write a row and give it its key.  False: an ``ON CONFLICT`` left it out."""
        link = connections[DEFAULT_DB_ALIAS]
        returning = f" RETURNING {_quoted(self.model._meta.pk.column)}"
        with planned_cursor(link) as cursor:
            cursor.execute(self._sql(1) + returning, self._values(row, link))
            written = cursor.fetchone()
        if written:
            row.pk = written[0]
            self._stored(row)
        return written is not None

    def many(self, rows: Iterable[Model]) -> None:
        """Write rows in one statement, without giving them their keys."""
        rows = list(rows)
        if rows:
            link = connections[DEFAULT_DB_ALIAS]
            values = [value for row in rows for value in self._values(row, link)]
            with planned_cursor(link) as cursor:
                cursor.execute(self._sql(len(rows)), values)

    def _sql(self, rows: int) -> str:
        table, names = self.model._meta.db_table, [field.column for field in self.fields]
        columns = ", ".join(map(_quoted, names))
        places = f"({', '.join(['%s'] * len(names))})"
        values = ", ".join([places] * rows)
        text = f"INSERT INTO {_quoted(table)} ({columns}) VALUES {values}"  # noqa: S608 - model's names
        return f"{text} ON CONFLICT {self.conflict}" if self.conflict else text

    def _values(self, row: Model, link) -> list:
        return [
            field.get_db_prep_save(field.pre_save(row, add=True), link) for field in self.fields
        ]

    @staticmethod
    def _stored(row: Model) -> None:
        row._state.adding, row._state.db = False, connection.alias


class PreparedUpdate:
    """New values for the rows that a queryset finds: ``NewValue`` places or expressions.

    ``make`` names a scope, as everywhere; its values are ``Bind`` places.
    """

    def __init__(self, make: Callable[[], QuerySet], **changes):
        self.make, self.changes = make, changes
        self._compiled: dict[str, tuple[str, tuple]] = {}

    def run(self, **values) -> int:
        """The number of rows changed."""
        link = connections[DEFAULT_DB_ALIAS]
        text, parameters = self._statement()
        with planned_cursor(link) as cursor:
            cursor.execute(text, filled(parameters, values, link))
            return cursor.rowcount

    def _statement(self) -> tuple[str, tuple]:
        if connection.vendor not in self._compiled:
            rows = self.make()
            query = rows.query.chain(sql.UpdateQuery)
            query.add_update_values(self.changes)
            self._compiled[connection.vendor] = query.get_compiler(rows.db).as_sql()
        return self._compiled[connection.vendor]


class NewValue(Bind):
    """The place of a column's new value in a ``PreparedUpdate``."""

    def __init__(self, model: type[Model], column: str):
        super().__init__(column, output_field=Field())
        self.target = model._meta.get_field(column)

    def adapted(self, value, connection):
        return self.target.get_db_prep_save(value, connection)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
