from django.db import migrations, models
from django.db.models import Count, F


def occurrences_of_repeating_events(apps, schema_editor):
    """Where an event brought several times, each is the occurrence at which it lies now."""
    blocks = apps.get_model("resources", "BusyBlock")._base_manager.exclude(source_uid="")
    repeating = blocks.values("resource", "source_uid").annotate(n=Count("pk")).filter(n__gt=1)
    for resource, uid in repeating.values_list("resource", "source_uid"):
        rows = blocks.filter(resource=resource, source_uid=uid)
        rows.update(source_starts_at=F("starts_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("resources", "0011_resources_by_freshness"),
    ]

    operations = [
        migrations.AddField(
            model_name="busyblock",
            name="source_starts_at",
            field=models.DateTimeField(null=True, verbose_name="start by the calendar's rule"),
        ),
        migrations.RunPython(occurrences_of_repeating_events, migrations.RunPython.noop),
    ]
