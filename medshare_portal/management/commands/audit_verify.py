"""Check every audit chain; exit 1 and name what is wrong."""

from django.core.management.base import BaseCommand, CommandError

from medshare_portal import audit
from medshare_portal.models import AuditChain


class Command(BaseCommand):
    help = "Check the hash chains of the audit trail and print their heads."

    def handle(self, *args, **options):
        problems = [problem for chain in audit.chains() for problem in audit.verify(chain)]
        for problem in problems:
            self.stderr.write(problem)
        if problems:
            raise CommandError(f"{len(problems)} faults in the audit trail")
        for head in AuditChain.objects.order_by("name"):
            self.stdout.write(f"{head.name} {head.length} {head.head_hash}")
        self.stdout.write("The audit trail is whole.")
