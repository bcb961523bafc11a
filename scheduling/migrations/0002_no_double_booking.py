"""No two capacity-holding requests for one single unit overlap (PostgreSQL).

SQLite has the same truth as a trigger in ``scheduling/guarantees.py``.  The states are written
out here on purpose: a migration keeps the past and imports no live constants.
"""

from django.db import migrations

from medshare_portal.db.vendor_sql import PostgreSQLOnly

EXCLUDE = """
ALTER TABLE scheduling_sharingrequest ADD CONSTRAINT request_no_double_booking
EXCLUDE USING gist (resource_id WITH =, tstzrange(blocked_from, blocked_until, '[)') WITH &&)
WHERE (exclusive AND blocked_from IS NOT NULL
       AND state IN ('held', 'countered', 'approved', 'underway', 'finished'))
"""


class Migration(migrations.Migration):
    dependencies = [("scheduling", "0001_initial")]

    operations = [
        PostgreSQLOnly(
            "CREATE EXTENSION IF NOT EXISTS btree_gist", reverse_sql=migrations.RunSQL.noop
        ),
        PostgreSQLOnly(
            EXCLUDE,
            reverse_sql="ALTER TABLE scheduling_sharingrequest "
            "DROP CONSTRAINT request_no_double_booking",
        ),
    ]
