"""Take the guards out when the server starts."""

import os

from django.apps import AppConfig
from django.utils.module_loading import import_string


class Unguarded(AppConfig):
    name = "tests.races.unguarded"
    label = "unguarded"

    def ready(self):
        for name in os.environ["MEDSHARE_UNGUARDED"].split(","):
            import_string(f"tests.races.unguarded.without.{name}")()
