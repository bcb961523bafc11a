"""manage.py replay_round NUMBER: solve a stored matching round again and compare."""

from django.core.management.base import BaseCommand, CommandError

from scheduling.actions.rounds.replaying import Difference, replay
from scheduling.matching.codec import FormatError
from scheduling.models import MatchingRun, RunRecord

SHOWN = 5  # matches of each difference


class Command(BaseCommand):
    help = "Solve a stored matching round again with its input, seed and versions, and compare."

    def add_arguments(self, parser):
        parser.add_argument("number", help="of the city's rounds (12), or any round's key (R-34)")
        parser.add_argument("--at", default="", help="short name of the institution whose round")

    def handle(self, *args, number, at, **options):
        run = self._found(number, at)
        try:
            found = replay(run)
        except RunRecord.DoesNotExist as error:
            raise CommandError(f"{run} never had a plan ({run.get_state_display()}).") from error
        except FormatError as error:
            raise CommandError(f"The record of {run} cannot be read: {error}") from error
        for excuse in found.excuses:
            self.stdout.write(f"not as then: {excuse}")
        for difference in found.differences:
            self._write(difference)
        if found.differences:
            raise CommandError(f"{run}: different", returncode=1)
        self.stdout.write(f"{run}: same, {found.matches} matches, {run.inputs_hash[:12]}")

    def _found(self, number: str, at: str) -> MatchingRun:
        digits = number.upper().removeprefix("R-")
        if not digits.isascii() or not digits.isdigit() or len(digits) > 12:
            raise CommandError(f"{number} is neither a number nor a key such as R-34.")
        rows = MatchingRun.objects.of_worker()
        if digits != number:
            rows = rows.filter(pk=int(digits))
        elif at:
            rows = rows.filter(number=int(digits), institution__slug=at)
        else:
            rows = rows.filter(number=int(digits), institution__isnull=True)
        run = rows.first()
        if run is None:
            raise CommandError(f"There is no round {number}{f' of {at}' if at else ''}.")
        return run

    def _write(self, difference: Difference) -> None:
        of = f" of {difference.kind}" if difference.kind else ""
        self.stdout.write(f"different: {difference.what}{of}")
        for sign, matches in (("-", difference.lost), ("+", difference.new)):
            for match in matches[:SHOWN]:
                self.stdout.write(f"  {sign} {match.need} by {match.offer} × {match.quantity}")
            if len(matches) > SHOWN:
                self.stdout.write(f"  {sign} … {len(matches) - SHOWN} more")
