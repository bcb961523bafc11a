from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from medshare_portal.gettext_tools import catalogue
from medshare_portal.gettext_tools.extract import texts


class Command(BaseCommand):
    help = (
        "Collects the texts of the source into the Chinese catalogue, with what is already"
        " translated there or in locale/parts/*.po, and names what is not translated."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "--check", action="store_true", help="change nothing; fail if there is work to do"
        )

    def handle(self, *, check, **options):
        folder = Path(settings.LOCALE_PATHS[0])
        target = folder / "zh_Hans" / "LC_MESSAGES" / "django.po"
        sources = [target] if target.exists() else []
        known = catalogue.translations([*sources, *sorted((folder / "parts").glob("*.po"))])
        result = catalogue.merged(texts(Path(settings.BASE_DIR)), known)
        faults = list(catalogue.faults(result))
        for fault in faults:
            self.stderr.write(fault)
        self.stdout.write(f"{len(result)} texts, {len(faults)} to mend")
        self._save_or_compare(result, target, check=check)
        if check and faults:
            raise CommandError("The Chinese catalogue is not complete.")

    def _save_or_compare(self, result, target, *, check):
        text = f"{result}\n".rstrip("\n") + "\n"
        if not check:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        elif not target.exists() or target.read_text(encoding="utf-8") != text:
            raise CommandError("The Chinese catalogue is not up to date: run `make messages`.")
