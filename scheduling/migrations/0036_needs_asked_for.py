import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("scheduling", "0035_rounds_of_consortia"),
    ]

    operations = [
        migrations.AddField(
            model_name="sharingrequest",
            name="need",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="requests",
                to="scheduling.need",
                verbose_name="need",
            ),
        ),
        migrations.AddIndex(
            model_name="sharingrequest",
            index=models.Index(
                condition=Q(need__isnull=False), fields=["need"], name="request_of_need"
            ),
        ),
    ]
