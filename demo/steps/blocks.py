"""The owners' own use and maintenance: in the gaps between bookings, never over one."""

from collections.abc import Iterator

from demo.booking import Booking
from demo.bulk import BulkTable
from demo.moments import DAY, HOUR, into_daytime, to_datetime
from demo.scenes import SCENE_BLOCKS
from demo.steps.scenes import minutes_of
from demo.texts import BLOCK_NOTES
from demo.world import Device, World
from medshare_portal.roles import Role
from resources.models import BusyBlock

NAMES = ("institution", "resource", "reason", "starts_at", "ends_at", "note", "source_uid",
         "created_by", "created_at")  # fmt: skip
AROUND = 40 * DAY
SHORTEST_GAP = 30 * HOUR


def block_table() -> BulkTable:
    return BulkTable(BusyBlock, NAMES)


def write_blocks(world: World, table: BulkTable, device: Device, bookings: list[Booking]) -> None:
    """For a device with a single unit; sets and the devices of scenes have theirs elsewhere."""
    if device.in_scene or device.resource.units > 1:
        return
    table.write(
        _row(world, device, reason, starts, ends, note)
        for starts, ends, reason, note in _gaps(world, bookings)
    )


def _gaps(world: World, bookings: list[Booking]) -> Iterator[tuple[int, int, str, int]]:
    rng = world.rng
    edge = world.now - AROUND
    for booking in sorted(bookings, key=lambda entry: entry.starts):
        before, after = booking.buffers
        gap = booking.starts - before - edge
        if gap >= SHORTEST_GAP and edge < world.now + AROUND and rng.random() < 0.35:
            starts = into_daytime(edge + 20 * HOUR)
            ends = min(starts + rng.randint(3, 30) * HOUR, booking.starts - before)
            reason = rng.choices(tuple(BLOCK_NOTES), (75, 18, 7))[0]
            if starts >= edge and ends > starts:
                yield starts, ends, reason, rng.randrange(len(BLOCK_NOTES[reason]) // 2) * 2
        edge = max(edge, booking.ends + after)


def write_scene_blocks(world: World, table: BulkTable) -> None:
    table.write(
        _row(world, world.device(code), reason, minutes_of(starts, world.now),
             minutes_of(ends, world.now), note)
        for code, reason, starts, ends, note in SCENE_BLOCKS
    )  # fmt: skip


def _row(world: World, device: Device, reason: str, starts: int, ends: int, note: int) -> tuple:
    place = device.place
    engineer = place.people[Role.BIOMEDICAL_ENGINEER][0]
    text = BLOCK_NOTES[reason][note + place.speaks_chinese]
    created = min(world.now, starts) - 3 * DAY
    return (
        place.institution.pk, device.resource.pk, reason, to_datetime(starts), to_datetime(ends),
        text, "", engineer.pk, to_datetime(created),
    )  # fmt: skip
