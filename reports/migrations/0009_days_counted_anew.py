from django.db import migrations


def count_anew(apps, schema_editor):
    """Days that were counted otherwise – packs of refused lines left out, an hour in maintenance
    and in repair lost twice: the job counts them again."""
    mark = apps.get_model("reports", "DayMark")._base_manager
    mark.bulk_create(
        mark.model(
            institution_key=row.institution_key,
            first_day=row.first_day,
            last_day=row.last_day,
            cause="packs_and_outages",
            marked_at=row.counted_at,
        )
        for row in apps.get_model("reports", "CountedDays")._base_manager.all()
    )


class Migration(migrations.Migration):
    dependencies = [("reports", "0008_saved_reports")]

    operations = [migrations.RunPython(count_anew, migrations.RunPython.noop, elidable=True)]
