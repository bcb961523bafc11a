"""manage.py seed_demo: a made-up city to look at, to test with or to measure."""

from datetime import UTC, date, datetime, time, timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from demo import password
from demo.canaries import plant_canaries
from demo.flush import flush_everything
from demo.safety import reasons_against
from demo.scale import SCALES
from demo.seeding import seed
from medshare_portal.models import Institution

REFUSED = "No demo city is made here. {}"
NOT_EMPTY = (
    "There are institutions already. Use an empty database, or --flush to remove everything in it."
)
MORNING = timedelta(hours=1, minutes=12)  # 09:12 in Asia/Shanghai


class Command(BaseCommand):
    help = "Make the demo city: the same seed and day make the same rows."

    def add_arguments(self, parser):
        parser.add_argument("--scale", choices=SCALES, default="small")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--today", type=date.fromisoformat, help="the city's day, 09:12 local")
        parser.add_argument("--flush", action="store_true", help="remove everything first")
        parser.add_argument("--canaries", action="store_true", help="add two marked institutions")

    def handle(self, *, scale, seed, today=None, flush=False, canaries=False, **options):
        if reasons := reasons_against():
            raise CommandError(REFUSED.format(" ".join(reasons)))
        if flush:
            flush_everything()
        elif Institution.unscoped.exists():
            raise CommandError(NOT_EMPTY)
        self._seed(SCALES[scale], seed, _moment(today), canaries=canaries)

    def _seed(self, scale, number, now, *, canaries):
        world = seed(scale, number=number, now=now, password=password.read_or_make())
        if canaries:
            plant_canaries(now=now, password=password.read_or_make())
        self.stdout.write(
            f"{len(world.places)} institutions, {len(world.devices)} resources, "
            f"{scale.requests} requests. `manage.py demo_accounts` prints the accounts."
        )


def _moment(today: date | None) -> datetime:
    if today is None:
        return timezone.now().replace(second=0, microsecond=0)
    return datetime.combine(today, time(), UTC) + MORNING
