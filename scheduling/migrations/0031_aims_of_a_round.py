"""Which aims, after the number of needs served, do not count in a round."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scheduling", "0030_rounds_kept_current")]

    operations = [
        migrations.AddField(
            model_name="matchingrun",
            name="left_out",
            field=models.JSONField(default=list, verbose_name="aims left out"),
        ),
    ]
