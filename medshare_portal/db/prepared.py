"""Statements that are compiled once and run many times.

Django compiles a queryset anew for every request; on the pages that everybody opens that costs
more than the statement itself.  A ``Prepared`` keeps the SQL of a queryset whose changing values
are ``Bind`` places, and the tenancy guard has its say when it is compiled:

    UNREAD = Prepared(lambda: Notification.objects.addressed_to(Bind("user", BigIntegerField()))
                      .filter(read_at__isnull=True).values_list("pk"))
    UNREAD.rows(user=request.user.pk)

Only for statements whose shape never changes; a filter that the reader composes stays a queryset.
"""

import json
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from functools import partial

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import BooleanField, DateTimeField, Field, Func, QuerySet, Value
from django.db.models.query import get_related_populators
from django.db.transaction import TransactionManagementError

from medshare_portal.db.cursors import planned_cursor
from medshare_portal.db.replica import read_alias

LARGEST = 2**63 - 1


class Bind(Value):
    """The place of a value that comes with each run; ``output_field`` says what it is."""

    def __init__(self, name: str, output_field: Field):
        super().__init__(None, output_field=output_field)
        self.name = name
        self.of_moment = isinstance(output_field, DateTimeField)

    def as_sql(self, compiler, connection):
        return "%s", [self]

    def adapted(self, value, connection):
        """The value as the database's driver wants it."""
        if self.of_moment and value and value.tzinfo and connection.vendor == "sqlite":
            return text_of(value)
        if isinstance(value, int) and not isinstance(value, bool):
            value = _storable(value)
        return self.output_field.get_db_prep_value(value, connection)

    def __repr__(self) -> str:
        return f"Bind({self.name!r})"


class Keys(Bind):
    """The place of any number of integer keys, for ``AnyOf``."""

    def __init__(self, name: str):
        super().__init__(name, output_field=Field())

    def adapted(self, value: Collection[int], connection):
        return _as_list([_storable(int(key)) for key in value], connection)


class Texts(Bind):
    """The place of any number of texts, for ``AnyOf``."""

    def __init__(self, name: str):
        super().__init__(name, output_field=Field())

    def adapted(self, value: Collection[str], connection):
        return _as_list([str(text) for text in value], connection)


def _storable(number: int) -> int:
    """Numbers that no column holds (an id typed into the address) as the last ones that fit."""
    return max(-LARGEST - 1, min(number, LARGEST))


def _as_list(values: list, connection):
    return json.dumps(values) if connection.vendor == "sqlite" else values


class AnyOf(Func):
    """``column IN keys`` as one place: ``filter(AnyOf("resource", Keys("resources")))``."""

    output_field = BooleanField()
    conditional = True
    arity = 2

    def as_sqlite(self, compiler, connection, **kwargs):
        joiner = " IN (SELECT value FROM json_each("
        return self.as_sql(
            compiler, connection, template="%(expressions)s))", arg_joiner=joiner, **kwargs
        )

    def as_postgresql(self, compiler, connection, **kwargs):
        return self.as_sql(
            compiler, connection, template="%(expressions)s)", arg_joiner=" = ANY(", **kwargs
        )


class Prepared:
    """A queryset, compiled at its first run.  ``make`` names a scope, as everywhere."""

    def __init__(self, make: Callable[[], QuerySet]):
        self.make = make
        self._plans: dict[str, _Plan] = {}

    def _plan(self) -> "_Plan":
        plan = self._plans.get(connection.vendor)
        if plan is None:
            plan = self._plans[connection.vendor] = _Plan(self.make())
        return plan

    def rows(self, **values) -> list[tuple]:
        """What ``values_list`` gives."""
        return self._plan().rows(values)

    def dicts(self, **values) -> list[dict]:
        """What ``values`` gives."""
        plan = self._plan()
        return [dict(zip(plan.names, row, strict=True)) for row in plan.rows(values)]

    def column(self, **values) -> list:
        """What ``values_list(flat=True)`` gives."""
        return [row[0] for row in self.rows(**values)]

    def instances(self, **values) -> list:
        """What the queryset of models gives, ``select_related`` included."""
        plan = self._plan()
        return [plan.instance(row) for row in plan.rows(values)]


class _Plan:
    """SQL, the places of its values, and what makes Python's values of the database's."""

    def __init__(self, queryset: QuerySet):
        query = queryset.query
        compiler = query.get_compiler(queryset.db)
        self.sql, self.parameters = compiler.as_sql(with_col_aliases=False)
        expressions = [selected[0] for selected in compiler.select]
        self.converters = [
            (index, _one_step(steps, expression))
            for index, (steps, expression) in compiler.get_converters(expressions).items()
        ]
        self.names = (*query.extra_select, *query.values_select, *query.annotation_select)
        self.klass_info, self.select = compiler.klass_info, compiler.select
        self.annotations = compiler.annotation_col_map or {}
        if self.klass_info:
            fields = self.klass_info["select_fields"]
            self.model = self.klass_info["model"]
            self.span = slice(fields[0], fields[-1] + 1)
            self.fields = [self.select[at][0].target.attname for at in fields]
            self.related = get_related_populators(self.klass_info, self.select, DEFAULT_DB_ALIAS)
        self.locks = query.select_for_update

    def rows(self, values: dict) -> list[tuple]:
        link = connections[DEFAULT_DB_ALIAS if self.locks else read_alias()]
        if self.locks and link.get_autocommit():
            raise TransactionManagementError("A lock lasts until the transaction ends: open one.")
        with planned_cursor(link) as cursor:
            cursor.execute(self.sql, filled(self.parameters, values, link))
            found = cursor.fetchall()
        if not self.converters:
            return found
        return [self._converted(row) for row in found]

    def _converted(self, row) -> tuple:
        row = list(row)
        for index, convert in self.converters:
            row[index] = convert(row[index])
        return tuple(row)

    def instance(self, row: tuple):
        made = self.model.from_db(DEFAULT_DB_ALIAS, self.fields, row[self.span])
        for populator in self.related:
            populator.populate(row, made)
        for name, index in self.annotations.items():
            setattr(made, name, row[index])
        return made


def filled(parameters, values: dict, link) -> list:
    """The parameters of a statement, each place taken by its value."""
    return [
        place.adapted(values[place.name], link) if isinstance(place, Bind) else place
        for place in parameters
    ]


def _one_step(steps: list, expression) -> Callable:
    """The converters of a column as one function; SQLite's text of a moment is read directly."""
    if connection.vendor == "sqlite" and isinstance(expression.output_field, DateTimeField):
        return moment_of
    return partial(_stepwise, steps, expression)


def _stepwise(steps: list, expression, value):
    for step in steps:
        value = step(value, expression, connection)
    return value


def text_of(moment: datetime) -> str:
    """A moment as SQLite keeps it; the field would get there by more steps."""
    return str(moment.astimezone(UTC).replace(tzinfo=None))


def moment_of(found: datetime | str | None) -> datetime | None:
    """SQLite's moments are UTC without saying so; of an expression's they are still text."""
    if found is None:
        return None
    naive = datetime.fromisoformat(found) if isinstance(found, str) else found
    return naive.replace(tzinfo=UTC)
