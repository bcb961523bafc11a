from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SchedulingConfig(AppConfig):
    name = "scheduling"
    verbose_name = _("Workflow")

    def ready(self):
        from scheduling import occupancy  # noqa: F401, PLC0415 – registers with the catalogue
        from scheduling.kinds import load_kinds  # noqa: PLC0415 – models must be loaded first

        load_kinds()
        from scheduling.actions import (  # noqa: F401, PLC0415 – follow technical states and moves
            freed_time,
            outages,
        )
        from scheduling.views import panels  # noqa: F401, PLC0415 – registers with the catalogue
