"""The index behind resources/search.py: FTS5 on SQLite, GIN on PostgreSQL.

On SQLite the virtual table reads its text from resources_resource; triggers that keep it in step
are in resources/guarantees.py, because Django drops a table's triggers when it rebuilds the table.
"""

from django.db import migrations

from medshare_portal.db.vendor_sql import PostgreSQLOnly, SQLiteOnly


class Migration(migrations.Migration):
    dependencies = [("resources", "0001_initial")]

    operations = [
        SQLiteOnly(
            [
                "CREATE VIRTUAL TABLE resource_search USING fts5(search_text, "
                "content='resources_resource', content_rowid='id', "
                "tokenize='unicode61 remove_diacritics 0', prefix='1 2 3')",
                "INSERT INTO resource_search(resource_search) VALUES('rebuild')",
            ],
            reverse_sql="DROP TABLE resource_search",
        ),
        PostgreSQLOnly(
            "CREATE INDEX resource_search_text ON resources_resource "
            "USING gin (to_tsvector('simple', search_text))",
            reverse_sql="DROP INDEX resource_search_text",
        ),
    ]
