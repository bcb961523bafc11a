from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "medshare_portal"
    verbose_name = _("Institutions and people")

    def ready(self):
        # What these modules hold registers itself: system checks, jobs, notices, log lines.
        from medshare_portal import (  # noqa: F401, PLC0415
            access_log,
            audit_words_core,
            checks,
            core_jobs,
            crisis_jobs,
            crisis_notices,
            navigation_core,
            notices_absences,
            notices_core,
            second_factor,
        )
        from medshare_portal.db.guarantees import (  # noqa: PLC0415 – needs apps
            install_guarantees,
            step_aside,
        )
        from medshare_portal.db.statistics import (  # noqa: PLC0415 – needs apps
            refresh_after_migration,
        )

        autodiscover_modules(
            "guarantees",
            "jobs",
            "notices",
            "navigation",
            "audit_links",
            "audit_words",
            "relaxations",
        )
        pre_migrate.connect(step_aside, sender=self, dispatch_uid="guarantees")
        post_migrate.connect(install_guarantees, sender=self, dispatch_uid="guarantees")
        post_migrate.connect(refresh_after_migration, sender=self, dispatch_uid="statistics")
