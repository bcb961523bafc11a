"""Why a request was released stands with it, as it does with those that are released from now on."""

from django.db import migrations


def say_why(apps, schema_editor):
    rows = apps.get_model("scheduling", "SharingRequest")._base_manager
    steps = apps.get_model("scheduling", "TransitionLog")._base_manager
    for state, step, reason in (
        ("withdrawn", "release", "basket"),
        ("lapsed", "lapse", "unused"),
    ):
        released = steps.filter(transition=step, reason_code=reason)
        rows.filter(state=state, pk__in=released.values("sharing_request")).update(
            decision_code=reason
        )


class Migration(migrations.Migration):
    dependencies = [
        ("scheduling", "0028_dates_that_wait"),
    ]

    operations = [migrations.RunPython(say_why, migrations.RunPython.noop)]
