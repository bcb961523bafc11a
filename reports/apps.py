from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = _("Reports")

    def ready(self):
        from reports import (  # noqa: PLC0415 – they declare themselves
            notices_alerts,  # noqa: F401
            notices_reports,  # noqa: F401
            request_panels,  # noqa: F401
            visibility,  # noqa: F401
            visibility_counted,  # noqa: F401
        )
        from reports.actions import marks, usage  # noqa: F401, PLC0415 – follow moves
        from reports.kinds import (  # noqa: PLC0415
            equipment,  # noqa: F401
            medicine,  # noqa: F401
            staff,  # noqa: F401
        )
        from reports.views import home_ahead, home_alerts, home_disputes  # noqa: F401, PLC0415
