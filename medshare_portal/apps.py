from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "medshare_portal"
    verbose_name = _("Institutions and people")

    def ready(self):
        from medshare_portal import checks  # noqa: F401, PLC0415 – registers the system checks
        from medshare_portal.db.guarantees import install_guarantees  # noqa: PLC0415 – needs apps

        autodiscover_modules("guarantees", "jobs", "notices", "navigation")
        post_migrate.connect(install_guarantees, sender=self, dispatch_uid="guarantees")
