from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from medshare_portal.gettext_tools.catalogue import compile_folder


class Command(BaseCommand):
    help = "Compiles the translations that changed, with no gettext on the machine."
    requires_system_checks = []

    def handle(self, *, verbosity, **options):
        for folder in settings.LOCALE_PATHS:
            for path in compile_folder(Path(folder)):
                if verbosity:
                    self.stdout.write(f"compiled {path.relative_to(folder)}")
