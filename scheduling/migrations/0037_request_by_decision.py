from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scheduling", "0036_needs_asked_for")]

    operations = [
        migrations.AddIndex(
            model_name="sharingrequest",
            index=models.Index(fields=["decided_at"], name="request_by_decision"),
        ),
    ]
