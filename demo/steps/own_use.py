"""What Renhe records of its own scanners and of a tower that it offers in the evenings: working
hours by day, little by night – from which the forecast of own use is made."""

from collections.abc import Iterator
from random import Random

from demo.bulk import BulkTable
from demo.moments import DAY, HOUR, local_midnight, to_datetime, weekday
from demo.steps.traces import USE_NAMES
from demo.world import Device, World
from resources.models import UseLogEntry

CODES = ("RH-US-01", "RH-US-02", "RH-US-03", "RH-US-04", "RH-ES-01")  # the last: offered in part
WEEKS = 16


def make_own_use(world: World) -> None:
    table = BulkTable(UseLogEntry, USE_NAMES)
    for device in world.devices:
        if device.resource.code in CODES:
            # Its own: nothing else of the city moves.
            rng = Random(f"{world.now} {device.resource.code}")
            table.write(_rows(world, device, rng))
    table.finish()


def _rows(world: World, device: Device, rng: Random) -> Iterator[tuple]:
    today = local_midnight(world.now)
    for midnight in range(today - WEEKS * 7 * DAY, today, DAY):
        working = weekday(midnight) < 5
        if rng.random() < (0.9 if working else 0.15):
            starts = midnight + (8 * HOUR if working else 9 * HOUR)
            yield _row(device, starts, starts + rng.randint(5, 9) * HOUR)
        if rng.random() < 0.06:
            starts = midnight + rng.randint(19, 21) * HOUR
            yield _row(device, starts, starts + 2 * HOUR)


def _row(device: Device, starts: int, ends: int) -> tuple:
    own = (device.resource.pk, device.place.institution.pk, UseLogEntry.Use.OWN)
    return (*own, to_datetime(starts), to_datetime(ends), None, None, to_datetime(ends))
