"""Triggers that keep untrue rows out, declared next to the app that needs them.

Each app's ``guarantees.py`` adds ``Guarantee`` entries.  They are installed after every
``migrate`` and not inside a migration, because SQLite drops a table's triggers whenever Django
rebuilds that table (docs/adr/0003).  Installing is idempotent.
"""

from dataclasses import dataclass

from django.db import connections

from medshare_portal.registry import Registry

guarantees: Registry["Guarantee"] = Registry("guarantee")


@dataclass(frozen=True, kw_only=True)
class Guarantee:
    """One truth on one table.

    ``postgresql`` is the body of a plpgsql trigger function, ``sqlite`` the statements of a
    trigger; ``events`` such as ``("INSERT", "UPDATE")``.  ``when`` is SQLite's WHEN clause.
    SQLite runs it AFTER the change, when a new row has its id (an abort takes the change back);
    PostgreSQL BEFORE it, so that a lock is taken ahead of the foreign key's share lock, unless
    ``postgresql_timing`` says AFTER: where the new row must count.  Of triggers with the same
    timing PostgreSQL runs the one first whose name comes first.
    An engine that needs no trigger for a truth has an empty text; TRUNCATE is PostgreSQL's alone.
    ``truth`` says in words what can never be false.
    """

    name: str
    table: str
    events: tuple[str, ...]
    truth: str
    sqlite: str
    postgresql: str
    when: str = ""
    sqlite_timing: str = "AFTER"
    postgresql_timing: str = "BEFORE"


def declare(guarantee: Guarantee) -> None:
    """Register; called at import of an app's ``guarantees.py``."""
    guarantees.add(guarantee.name, guarantee)


def install_guarantees(*, using, **kwargs) -> None:
    """``post_migrate`` receiver: (re)creates every trigger whose table exists."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for guarantee in guarantees:
            if guarantee.table in tables:
                for statement in statements(guarantee, connection.vendor):
                    cursor.execute(statement)


def step_aside(*, using, plan=(), **kwargs) -> None:
    """``pre_migrate`` receiver: SQLite cannot rebuild a table that a trigger of another one names.

    They come back when ``migrate`` ends; should it fail, ``missing_guarantees`` names them.
    """
    connection = connections[using]
    if plan and connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for guarantee in guarantees:
                for event in guarantee.events:
                    cursor.execute(f"DROP TRIGGER IF EXISTS {guarantee.name}_{event.lower()}")


def statements(guarantee: Guarantee, vendor: str) -> list[str]:
    """The SQL that (re)creates one guarantee; none where PostgreSQL needs no trigger for it."""
    if vendor == "postgresql":
        return _postgresql(guarantee) if guarantee.postgresql else []
    return _sqlite(guarantee) if guarantee.sqlite else []


def _postgresql(guarantee: Guarantee) -> list[str]:
    name, table = guarantee.name, guarantee.table
    events = " OR ".join(guarantee.events)
    each = "STATEMENT" if guarantee.events == ("TRUNCATE",) else "ROW"
    ending = "RETURN OLD;" if guarantee.events == ("DELETE",) else "RETURN NEW;"
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$guarantee$ BEGIN {guarantee.postgresql} {ending} END $guarantee$",
        f"DROP TRIGGER IF EXISTS {name} ON {table}",
        f"CREATE TRIGGER {name} {guarantee.postgresql_timing} {events} ON {table} "
        f"FOR EACH {each} EXECUTE FUNCTION {name}()",
    ]


def _sqlite(guarantee: Guarantee) -> list[str]:
    when = f"WHEN {guarantee.when} " if guarantee.when else ""
    result = []
    for event in guarantee.events:
        name = f"{guarantee.name}_{event.lower()}"
        result += [
            f"DROP TRIGGER IF EXISTS {name}",
            f"CREATE TRIGGER {name} {guarantee.sqlite_timing} {event} ON {guarantee.table} "
            f"FOR EACH ROW {when}BEGIN {guarantee.sqlite} END",
        ]
    return result


def append_only(table: str, truth: str, *, unique: tuple[str, ...] = ()) -> None:
    """Declare that a table's rows are never changed and never removed.

    SQLite's INSERT OR REPLACE removes a row without a delete trigger: it finds the row in its way
    by the key or by the columns of ``unique``.
    """
    message = f"{table}: append-only"
    refused = f"SELECT RAISE(ABORT, '{message}') WHERE EXISTS (SELECT 1 FROM {table} old WHERE "
    in_its_way = ["old.id = NEW.id"]
    if unique:
        in_its_way.append(" AND ".join(f"old.{column} = NEW.{column}" for column in unique))
    declare(
        Guarantee(
            name=f"{table}_never_replaced",
            table=table,
            events=("INSERT",),
            truth=truth,
            # One statement per index: with an OR between them SQLite reads the whole table.
            sqlite=" ".join(f"{refused}{row});" for row in in_its_way),
            postgresql="",
            sqlite_timing="BEFORE",
        )
    )
    declare(
        Guarantee(
            name=f"{table}_append_only",
            table=table,
            events=("UPDATE", "DELETE"),
            truth=truth,
            sqlite=f"SELECT RAISE(ABORT, '{message}');",
            postgresql=f"RAISE EXCEPTION '{message}' USING ERRCODE = '23000';",
        )
    )
    declare(
        Guarantee(
            name=f"{table}_never_emptied",
            table=table,
            events=("TRUNCATE",),
            truth=truth,
            sqlite="",
            postgresql=f"RAISE EXCEPTION '{message}' USING ERRCODE = '23000';",
        )
    )


def let_be_emptied(using: str = "default") -> None:
    """Take away what refuses ``flush``, which deletes on SQLite and truncates on PostgreSQL.

    For demo cities and test databases; the ``post_migrate`` that ends a flush installs it again.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        for guarantee in guarantees:
            if connection.vendor == "postgresql" and guarantee.name.endswith("_never_emptied"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {guarantee.name} ON {guarantee.table}")
            elif connection.vendor == "sqlite" and guarantee.name.endswith("_append_only"):
                for event in guarantee.events:
                    cursor.execute(f"DROP TRIGGER IF EXISTS {guarantee.name}_{event.lower()}")


def missing_guarantees(using: str = "default") -> list[str]:
    """Names of declared triggers that the database does not have."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        present = {name for (name,) in cursor.fetchall()}
    return [g.name for g in guarantees if not _present(g, connection.vendor, present)]


def _present(guarantee: Guarantee, vendor: str, present: set[str]) -> bool:
    if vendor == "postgresql":
        return guarantee.name in present or not guarantee.postgresql
    if not guarantee.sqlite:
        return True
    return all(f"{guarantee.name}_{event.lower()}" in present for event in guarantee.events)
