from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResourcesConfig(AppConfig):
    name = "resources"
    verbose_name = _("Catalogue")

    def ready(self):
        from resources.kinds import load_kinds  # noqa: PLC0415 – models must be loaded first

        load_kinds()
