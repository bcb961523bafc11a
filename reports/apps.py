from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = _("Reports")

    def ready(self):
        from reports import (  # noqa: PLC0415 – they declare themselves
            request_panels,  # noqa: F401
            visibility,  # noqa: F401
        )
