"""Several pieces of one offer for one need and time are one proposal; so are those that wait to be
published."""

from collections import defaultdict

from django.db import migrations, models


def together(apps, editor):
    """What a line did was said of a single piece, and is said no more."""
    rows = apps.get_model("scheduling", "Proposal").unscoped
    drafts = rows.filter(state__in=["proposed", "struck"], stale="", starts_at__isnull=False)
    lines = defaultdict(list)
    for row in drafts.order_by("pk"):
        of_line = row.run_id, row.need_id, row.resource_id, row.starts_at, row.ends_at, row.state
        lines[of_line].append(row)
    for first, *others in lines.values():
        if others:
            rows.filter(pk__in=[row.pk for row in others]).delete()
            first.pieces = [[row.need_ref, row.offer_ref] for row in (first, *others)]
            first.quantity = len(first.pieces)
            first.pinned = any(row.pinned for row in (first, *others))
            first.effect = {}
            first.save(update_fields=["pieces", "quantity", "pinned", "effect"])
    if editor.connection.vendor == "postgresql":  # or the table cannot be altered after this
        editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [("scheduling", "0037_request_by_decision")]

    operations = [
        migrations.AddField(
            model_name="proposal", name="pieces", field=models.JSONField(default=list)
        ),
        migrations.RunPython(together, migrations.RunPython.noop),
    ]
