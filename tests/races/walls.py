"""Taking the database's walls away, so that a twin can show what they keep out."""

from django.db import connection

from medshare_portal.db.guarantees import guarantees, install_guarantees, step_aside
from scheduling.models import SharingRequest


def drop_trigger(name):
    """Drop a declared guarantee from this database."""
    guarantee = guarantees[name]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP TRIGGER {name} ON {guarantee.table}")
            return
        for event in guarantee.events:
            cursor.execute(f"DROP TRIGGER {name}_{event.lower()}")


def drop_exclusion():
    """PostgreSQL's exclusion constraint; on SQLite the trigger is all there is."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                f"ALTER TABLE {SharingRequest._meta.db_table} "
                "DROP CONSTRAINT request_no_double_booking"
            )


def drop_constraint(model, name):
    """Drop a named constraint; on SQLite the table is built anew from the model without it.

    Before any trigger: those come back.
    """
    declared = model._meta.constraints
    constraint = next(entry for entry in declared if entry.name == name)
    model._meta.constraints = [entry for entry in declared if entry is not constraint]
    step_aside(using="default", plan=["a table built anew"])
    try:
        with connection.schema_editor() as editor:
            editor.remove_constraint(model, constraint)
    finally:
        model._meta.constraints = declared
        install_guarantees(using="default")


def drop_capacity_walls():
    """No trigger and no constraint refuses a double booking any more."""
    drop_exclusion()
    drop_trigger("request_holds_free_time")
    drop_trigger("block_not_over_booking")
