"""The columns that begin an index of several need none of their own, which misled the planner.

The indexes are dropped by name, alike on both databases: SQLite would else copy the whole table.
"""

import django.db.models.deletion
from django.db import migrations, models

INDEXES = {
    "owner": "scheduling_sharingrequest_owner_id_eed10550",
    "borrower": "scheduling_sharingrequest_borrower_id_a2640c6e",
    "resource": "scheduling_sharingrequest_resource_id_94383de4",
}


def dropped(column: str, name: str) -> migrations.RunSQL:
    again = f"CREATE INDEX {name} ON scheduling_sharingrequest ({column}_id)"
    return migrations.RunSQL(f"DROP INDEX {name}", reverse_sql=again)


def altered(column: str, to: str, related_name: str) -> migrations.AlterField:
    field = models.ForeignKey(
        db_index=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name=related_name,
        to=to,
        verbose_name=column,
    )
    return migrations.AlterField("sharingrequest", column, field)


class Migration(migrations.Migration):
    dependencies = [("scheduling", "0004_both_ends_of_a_blocked_time")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[dropped(column, name) for column, name in INDEXES.items()],
            state_operations=[
                altered("owner", "medshare_portal.institution", "lent_requests"),
                altered("borrower", "medshare_portal.institution", "borrowed_requests"),
                altered("resource", "resources.resource", "requests"),
            ],
        ),
    ]
