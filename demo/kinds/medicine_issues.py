"""What the wards of some pharmacies were issued by the day: from it the use of medicines is
foretold."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from math import exp
from random import Random

from demo.moments import DAY, HOUR, local_midnight, to_datetime, weekday
from demo.world import World
from resources.enums_medicine import MovementSort
from resources.models import StockMovement

PHARMACIES, DAYS = 3, 130
WEEKEND = 0.6  # of what is issued on a working day


def issues(
    world: World, received: list[StockMovement], packs_a_day: dict[str, float]
) -> list[list[StockMovement]]:
    """Day by day, of the lot of each item that expires last; it was received with as much more, so
    that its stock of today stays.  No list has two lines of a lot: the database compares a lot
    with its ledger after each statement."""
    rng = Random(f"issues {world.now}")  # its own: nothing else of the city moves
    places = {place.institution.pk for place in world.places[:PHARMACIES]}
    found: list[StockMovement] = []
    for line in _last_lots(received, places):
        rows = list(_of_lot(world, line.lot, packs_a_day[line.lot.generic_name_en], rng))
        if rows:
            more = sum(row.quantity for row in rows)
            line.quantity += more
            line.on_hand_change += more
            line.at = world.moment - timedelta(days=DAYS + 3)
            found += rows
    found.sort(key=lambda row: row.at)
    return [list(rows) for _at, rows in groupby(found, key=lambda row: row.at)]


def _last_lots(received: list[StockMovement], places: set[int]) -> list[StockMovement]:
    last: dict[tuple, StockMovement] = {}
    for line in received:
        lot = line.lot
        key = (lot.institution_id, lot.item_key)
        old = last.get(key)
        if lot.institution_id in places and (old is None or lot.expiry_date > old.lot.expiry_date):
            last[key] = line
    return list(last.values())


def _of_lot(world: World, lot, packs_a_day: float, rng: Random) -> Iterator[StockMovement]:
    today = local_midnight(world.now)
    for midnight in range(today - DAYS * DAY, today, DAY):
        part = WEEKEND if weekday(midnight) > 4 else 1.0
        packs = _poisson(packs_a_day * part, rng)
        if packs:
            yield StockMovement(
                lot=lot,
                sort=MovementSort.ISSUE,
                quantity=packs,
                on_hand_change=-packs,
                reserved_change=0,
                in_transit_change=0,
                at=to_datetime(midnight + 10 * HOUR),
            )


def _poisson(mean: float, rng: Random) -> int:
    """Knuth's multiplication; means are small."""
    limit, number, product = exp(-mean), 0, rng.random()
    while product > limit:
        number += 1
        product *= rng.random()
    return number
