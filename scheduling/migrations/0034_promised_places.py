from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("scheduling", "0033_access_by_time"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="sharingrequest",
            index=models.Index(
                fields=["resource", "blocked_until"],
                condition=Q(state="requested", hold_expires_at__isnull=False),
                name="request_promised",
            ),
        ),
    ]
