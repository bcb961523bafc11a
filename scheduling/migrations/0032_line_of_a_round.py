"""Each revision names the round that a person ordered and that it revises, in the end."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def which_line(apps, editor):
    """From the oldest on, so that the line of each one's parent is known."""
    rows = apps.get_model("scheduling", "MatchingRun").unscoped
    lines = {}
    for pk, parent in rows.exclude(cause="ordered").order_by("pk").values_list("pk", "parent"):
        lines[pk] = lines.get(parent, parent)
        rows.filter(pk=pk).update(line=lines[pk])
    if editor.connection.vendor == "postgresql":  # or the column cannot be altered
        editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [
        ("medshare_portal", "0008_crisis_categories"),
        ("scheduling", "0031_aims_of_a_round"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="matchingrun",
            name="line",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="revisions",
                to="scheduling.matchingrun",
            ),
        ),
        migrations.RunPython(which_line, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="matchingrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cause", "ordered"), ("line__isnull", True)),
                    models.Q(
                        models.Q(("cause", "ordered"), _negated=True), ("line__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="round_revision_has_line",
            ),
        ),
    ]
