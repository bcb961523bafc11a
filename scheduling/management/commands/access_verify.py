"""Check the access log of every institution; exit 1 and name what is wrong."""

from django.core.management.base import BaseCommand, CommandError

from medshare_portal.models import Institution
from scheduling.kinds.information.actions.access_log import verify
from scheduling.models import AccessChain


class Command(BaseCommand):
    help = "Check the hash chains of the access logs and print their heads."

    def handle(self, *args, **options):
        institutions = Institution.unscoped.order_by("slug")
        problems = [problem for institution in institutions for problem in verify(institution)]
        for problem in problems:
            self.stderr.write(problem)
        if problems:
            raise CommandError(f"{len(problems)} faults in the access logs")
        heads = AccessChain.unscoped.select_related("institution").order_by("institution__slug")
        for head in heads:
            self.stdout.write(f"{head.institution.slug} {head.length} {head.head_hash}")
        self.stdout.write("The access logs are whole.")
