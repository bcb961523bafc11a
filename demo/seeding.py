"""Makes the demo city from end to end, in one transaction."""

import random
from datetime import datetime, timedelta
from itertools import islice

from django.db import connection, transaction

from demo.booking import NAMES, Booking, row_of
from demo.bulk import BulkTable
from demo.coordination.alerts import make_alerts
from demo.coordination.answered_rounds import make_answered_round, make_own_rounds
from demo.coordination.baskets import make_baskets
from demo.coordination.crisis import declare_crisis, make_crisis
from demo.coordination.desk import make_desk
from demo.coordination.inbox import make_inbox
from demo.coordination.rounds import make_needs_for_a_round
from demo.coordination.saved_reports import make_saved_reports
from demo.coordination.series import make_series
from demo.coordination.settle import make_settlement
from demo.coordination.talk import make_talk
from demo.coordination.waits import make_waits
from demo.kinds.information import make_information
from demo.kinds.medicine import make_medicines
from demo.kinds.staff import make_staff
from demo.moments import to_minutes
from demo.scale import Scale
from demo.scenes import SCENES
from demo.steps.blocks import block_table, write_blocks, write_scene_blocks
from demo.steps.devices import make_devices
from demo.steps.forecasts import make_forecasts
from demo.steps.history import bookings_of, counts_per_device
from demo.steps.notifications import make_notifications
from demo.steps.offers import make_offers
from demo.steps.own_use import make_own_use
from demo.steps.people import ADMIN, make_people
from demo.steps.places import make_places
from demo.steps.scenes import age_offers, make_time_changes, scene_bookings
from demo.steps.traces import Traces
from demo.steps.trail import write_trail
from demo.world import World
from medshare_portal.models import Notification, User
from reports.actions import counting, demand, rebuilding, usage
from resources.actions.codelists import load_code_lists
from resources.kinds import load_categories
from resources.models import Resource
from scheduling.models import SharingRequest

DEVICES_AT_ONCE = 2_000
COUNTED_DAYS = 400  # two years of the past of a large city would be days that nobody looks at
LONG_AGO = timedelta(days=20)  # what was told before has been read


@transaction.atomic
def seed(scale: Scale, *, number: int, now: datetime, password: str) -> World:
    """The same scale, ``number`` and ``now`` make the same rows (password hashes apart)."""
    world = World(scale=scale, rng=random.Random(number), now=to_minutes(now))
    load_code_lists()
    load_categories()
    make_places(world)
    make_people(world, password=password)
    make_devices(world)
    make_offers(world)
    _make_requests(world)
    usage.record_missing(now=world.moment)
    age_offers(world)
    _refresh_statistics()  # what follows uses the portal's own actions, thousands of times
    crisis = declare_crisis(world)
    make_medicines(world)
    make_information(world)
    make_own_use(world)
    make_staff(world)
    make_crisis(world, crisis)
    make_talk(world)
    make_series(world)
    make_settlement(world)
    make_baskets(world)
    make_waits(world)
    make_answered_round(world)
    make_needs_for_a_round(world)
    make_own_rounds(world)
    make_inbox(world)
    make_desk(world)
    make_forecasts(world)
    make_saved_reports(world)
    _count_days(world)
    make_alerts(world)
    _date_what_came_last(world)
    _refresh_statistics()
    return world


def _make_requests(world: World) -> None:
    table, traces, blocks = BulkTable(SharingRequest, NAMES), Traces(world), block_table()
    counts = iter(counts_per_device(world, world.scale.requests - len(SCENES)))
    recent: list[Booking] = []
    devices = iter(world.devices)
    while batch := list(islice(devices, DEVICES_AT_ONCE)):
        bookings = []
        for device in batch:
            made = list(bookings_of(world, device, next(counts)))
            write_blocks(world, blocks, device, made)
            bookings += made
        recent += _write(world, table, traces, bookings)
    scenes = scene_bookings(world)
    recent += _write(world, table, traces, [booking for _scene, booking in scenes])
    make_time_changes(world, scenes)
    write_scene_blocks(world, blocks)
    for scene, booking in scenes:
        if scene.on_the_way:
            traces.write_given(booking)
    for finished in (table, traces, blocks):
        finished.finish()
    make_notifications(world, scenes)
    write_trail(world, recent, admin=User.objects.get(username=ADMIN))


def _write(
    world: World, table: BulkTable, traces: Traces, bookings: list[Booking]
) -> list[Booking]:
    """Store requests in the order in which they were sent; returns those with open or new work."""
    bookings.sort(key=lambda booking: (booking.steps[0][4], booking.device.resource.pk))
    for pk, booking in enumerate(bookings, start=table.next_pk):
        booking.pk = pk
    table.write(row_of(booking) for booking in bookings)
    traces.write(bookings)
    oldest = world.now - world.scale.audit_days * 24 * 60
    return [booking for booking in bookings if booking.steps[-1][4] >= oldest]


def _count_days(world: World) -> None:
    """The numbers of all days of the city's past, and what its stories changed in them."""
    usage.record_missing(now=world.moment)
    demand.record(now=world.moment)
    first = world.today - timedelta(days=min(world.scale.days, COUNTED_DAYS))
    rebuilding.rebuild(first=first, last=world.today, now=world.moment)
    counting.count_days(now=world.moment)


def _date_what_came_last(world: World) -> None:
    """Rows that date themselves belong to the city's time; what was told is mailed already."""
    dated = {"created_at": world.moment, "updated_at": world.moment}
    Resource.unscoped.filter(updated_at__gt=world.moment).update(**dated)
    long_ago = Notification.unscoped.filter(created_at__lt=world.moment - LONG_AGO, read_at=None)
    long_ago.update(read_at=world.moment)
    Notification.unscoped.update(mail=Notification.Mail.SENT, mailed_at=world.moment)


def _refresh_statistics() -> None:
    """The planner knows nothing yet of so many new rows.

    A table that PostgreSQL's own autovacuum holds is left to it: waiting would meet the lock
    timeout."""
    shared = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE (SKIP_LOCKED)" if shared else "ANALYZE")
