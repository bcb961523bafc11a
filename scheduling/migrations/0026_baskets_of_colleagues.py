"""Drafts that colleagues put together: every line says who put it in."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def whose_draft(apps, editor):
    """Until now every line was its draft's person's."""
    lines = apps.get_model("scheduling", "BasketLine").unscoped
    drafts = apps.get_model("scheduling", "Basket").unscoped.filter(pk=OuterRef("basket"))
    lines.update(added_by=Subquery(drafts.values("created_by")[:1]))
    if editor.connection.vendor == "postgresql":  # or the column cannot be altered
        editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("scheduling", "0025_fee_per_shift"),
    ]

    operations = [
        migrations.AddField(
            model_name="basket",
            name="shared_at",
            field=models.DateTimeField(null=True, verbose_name="open to colleagues since"),
        ),
        migrations.AddField(
            model_name="basket",
            name="still_needed",
            field=models.TextField(blank=True, max_length=300, verbose_name="what is still needed"),
        ),
        migrations.AddField(
            model_name="basketline",
            name="added_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="added by",
            ),
        ),
        migrations.RunPython(whose_draft, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="basketline",
            name="added_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="added by",
            ),
        ),
    ]
