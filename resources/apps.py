from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResourcesConfig(AppConfig):
    name = "resources"
    verbose_name = _("Catalogue")

    def ready(self):
        from resources.kinds import kinds, load_kinds  # noqa: PLC0415 – models must be loaded first

        load_kinds()
        for kind in kinds:
            for name in kind.loads:
                import_module(name)
