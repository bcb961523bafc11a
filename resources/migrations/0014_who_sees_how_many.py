"""How many resources of a kind are listed for whom, which the columns one by one do not tell.

PostgreSQL took 2,400 of a metropolis's 15,000 listed devices for listed and read all of them, word
by word, where the index of the words finds the few (60 ms instead of 4).
"""

from django.db import migrations

from medshare_portal.db.vendor_sql import PostgreSQLOnly


class Migration(migrations.Migration):
    dependencies = [("resources", "0013_the_occurrence_of_an_imported_shift")]

    operations = [
        PostgreSQLOnly(
            [
                "CREATE STATISTICS resource_seen (mcv) ON kind, status, visibility "
                "FROM resources_resource",
                "ANALYZE resources_resource",
            ],
            reverse_sql="DROP STATISTICS resource_seen",
        ),
    ]
