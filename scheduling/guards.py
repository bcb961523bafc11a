"""Whether the database still has what keeps untrue rows out."""

from collections.abc import Iterator

from django.apps import apps
from django.db import connections

from medshare_portal.db.guarantees import missing_guarantees

OURS = ("medshare_portal", "resources", "scheduling")
EXCLUSION = "request_no_double_booking"


def missing_guards(using: str = "default") -> Iterator[str]:
    """A sentence for each trigger, constraint or setting that is not as it must be."""
    for name in missing_guarantees(using):
        yield f"trigger {name} is missing"
    for name in sorted(_expected_constraints(using) - _present_names(using)):
        yield f"constraint {name} is missing"
    vendor = connections[using].vendor
    yield from (_sqlite if vendor == "sqlite" else _postgresql)(using)


def _expected_constraints(using: str) -> set[str]:
    names = {
        constraint.name
        for label in OURS
        for model in apps.get_app_config(label).get_models()
        for constraint in model._meta.constraints
    }
    return names | {EXCLUSION} if connections[using].vendor == "postgresql" else names


def _present_names(using: str) -> set[str]:
    """Names of constraints and of unique indexes (a conditional one is an index)."""
    if connections[using].vendor == "postgresql":
        rows = _ask(
            using, "SELECT conname FROM pg_constraint UNION SELECT indexname FROM pg_indexes"
        )
        return {name for (name,) in rows}
    statements = " ".join(sql for (sql,) in _ask(using, "SELECT sql FROM sqlite_master") if sql)
    return {name for name in _expected_constraints(using) if f'"{name}"' in statements}


def _postgresql(using: str) -> Iterator[str]:
    ((level,),) = _ask(using, "SHOW transaction_isolation")
    if level != "read committed":
        yield f"transactions are {level}; locks only protect in read committed"
    disabled = _ask(
        using, "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'D'"
    )
    for (name,) in disabled:
        yield f"trigger {name} is switched off"


def _sqlite(using: str) -> Iterator[str]:
    if connections[using].settings_dict["OPTIONS"].get("transaction_mode") != "IMMEDIATE":
        yield "transactions do not begin IMMEDIATE; there is no other lock"
    if _ask(using, "PRAGMA foreign_keys") != [(1,)]:
        yield "foreign keys are not checked"
    for table, row, target, _key in _ask(using, "PRAGMA foreign_key_check"):
        yield f"{table} {row} refers to a row of {target} that does not exist"


def _ask(using: str, statement: str) -> list[tuple]:
    with connections[using].cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()
