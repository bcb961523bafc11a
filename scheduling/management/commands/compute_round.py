"""manage.py compute_round KEY: work through a matching round that the jobs have claimed."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from scheduling.actions.rounds.computing import compute
from scheduling.actions.rounds.signs_of_life import beating
from scheduling.models import MatchingRun
from scheduling.round_states import RoundState


class Command(BaseCommand):
    help = "Compute one matching round; the jobs start this in a process of its own."

    def add_arguments(self, parser):
        parser.add_argument("key", type=int)

    def handle(self, *args, key, **options):
        rows = MatchingRun.objects.of_worker().filter(state=RoundState.RUNNING)
        run = rows.select_related("institution", "parent").filter(pk=key).first()
        if run is None:
            raise CommandError(f"No round {key} is to be computed.")
        with beating(run, clock=timezone.now):
            computed = compute(run=run, clock=timezone.now)
        if not computed:
            raise CommandError(f"Round {key} failed; its page says why.")
