"""manage.py demo_accounts: who can sign in to the demo city, and with what."""

from django.core.management.base import BaseCommand, CommandError

from demo import password
from demo.kinds.staff import MANAGERS, PERSONAL
from demo.safety import reasons_against
from demo.steps.people import ADMIN, ANNOUNCED, AT_BOTH, BOTH, OFFICIAL
from medshare_portal.models import Institution, User

MOST = 12
OF_KINDS = ("steward", MANAGERS, PERSONAL)


class Command(BaseCommand):
    help = "Print the demo accounts and their password."

    def add_arguments(self, parser):
        parser.add_argument("--all", action="store_true", help="every institution, not only twelve")

    def handle(self, *, all=False, **options):
        if reasons := reasons_against():
            raise CommandError("Not a demo. " + " ".join(reasons))
        known = password.read()
        if not known or not User.objects.filter(username=OFFICIAL).exists():
            raise CommandError("There is no demo city yet: run manage.py seed_demo.")
        institutions = Institution.unscoped.order_by("pk")
        self._print(list(institutions if all else institutions[:MOST]), known)

    def _print(self, institutions, known):
        announced = [name for name, _role in ANNOUNCED]
        names = ", ".join(f"{name}.…" for name in [*announced, *OF_KINDS])
        self.stdout.write("Accounts of the demo city (用户名):\n")
        self.stdout.write(f"  {names} for each of")
        for institution in institutions:
            self.stdout.write(
                f"    {institution.slug:<10} {institution.name_en} {institution.name_zh}"
            )
        self.stdout.write(f"  for example  coordinator.{institutions[0].slug}")
        self.stdout.write(
            f"  {PERSONAL}.{institutions[0].slug}  a nurse's own shifts 护士本人的班次"
        )
        self.stdout.write(f"  {AT_BOTH}  coordinator at {' and '.join(BOTH)}")
        self.stdout.write(f"  {OFFICIAL}  city health commission 市卫健委")
        self.stdout.write(f"  {ADMIN}  registry administration 系统管理\n")
        self.stdout.write(f"Password of all (密码):  {known}")
