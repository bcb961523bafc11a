"""Notices that were queued, and what people chose for them, follow the notice's new code."""

from django.db import migrations

OLD, NEW = "booking-threatened", "booking-at-risk"


def _renamed(apps, old: str, new: str) -> None:
    for name in ("Notification", "NotificationPreference"):
        model = apps.get_model("medshare_portal", name)
        model._base_manager.filter(event=old).update(event=new)


def forwards(apps, schema_editor):
    _renamed(apps, OLD, NEW)


def backwards(apps, schema_editor):
    _renamed(apps, NEW, OLD)


class Migration(migrations.Migration):
    dependencies = [
        ("medshare_portal", "0002_notification_words"),
        ("scheduling", "0004_both_ends_of_a_blocked_time"),
    ]

    operations = [migrations.RunPython(forwards, backwards)]
