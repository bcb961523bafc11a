"""Sixteen people ask for the same hours of one device: one gets them, the rest are told so."""

import pytest

from scheduling.models import SharingRequest
from scheduling.states import State
from tests.races import truths, walls
from tests.races.arena import rounds, rush, winners, wish

pytestmark = pytest.mark.race
ASK = "scheduling:request-create"


def all_ask(arena, device, number, **fields):
    """One round: everybody posts the request form for the slot of this number."""
    starts_at, ends_at = arena.slot(number)
    return rush(
        [
            lambda client=client: client.post(
                ASK, [device.pk], wish(client, starts_at, ends_at, **fields)
            )
            for client in arena.askers
        ]
    )


def race(arena, number_of_rounds, **fields):
    """Race for a new slot in every round; how many won in each."""
    device = arena.device()
    return [len(winners(all_ask(arena, device, n, **fields))) for n in range(number_of_rounds)]


def test_of_those_who_ask_for_one_slot_exactly_one_is_approved(arena):
    """Workers of one thread, as in production."""
    arena = arena(workers=2, threads=1).sign_in()
    assert race(arena, rounds()) == [1] * rounds()
    assert SharingRequest.unscoped.filter(state=State.APPROVED).count() == rounds()
    assert truths.broken() == {}


def test_every_round_has_one_winner_where_workers_have_several_threads(arena):
    arena = arena(workers=2, threads=4).sign_in()
    assert race(arena, rounds()) == [1] * rounds()
    assert SharingRequest.unscoped.count() == rounds()
    assert truths.broken() == {}


def test_of_those_who_hold_one_slot_exactly_one_does(arena):
    arena = arena(threads=4).sign_in()
    assert race(arena, rounds(), do="hold") == [1] * rounds()
    # Who holds again on the same device gives the earlier hold up, so count those ever made.
    assert SharingRequest.unscoped.filter(hold_expires_at__isnull=False).count() == rounds()
    assert truths.broken() == {}


# The twins: which wall keeps the double booking out, and that it would come without them.


TWICE = "two bookings of one unit at the same time"


def unguarded_rounds(arena, **fields):
    """Race a few rounds without judging the answers; the truths that broke on the way."""
    device = arena.device()
    return truths.broken_after(lambda number: all_ask(arena, device, number, **fields))


def test_twin_without_lock_and_database_walls_the_slot_is_booked_twice(unguarded_arena):
    walls.drop_capacity_walls()
    assert TWICE in unguarded_rounds(unguarded_arena("lock", "pause").sign_in())


def test_twin_without_the_lock_the_database_alone_keeps_the_second_booking_out(unguarded_arena):
    assert TWICE not in unguarded_rounds(unguarded_arena("lock", "pause").sign_in())
    assert SharingRequest.unscoped.filter(state=State.APPROVED).count() > 0


def test_twin_without_the_database_walls_the_lock_alone_keeps_the_second_booking_out(
    unguarded_arena,
):
    walls.drop_capacity_walls()
    assert unguarded_rounds(unguarded_arena("pause").sign_in(askers=8)) == {}
    assert SharingRequest.unscoped.filter(state=State.APPROVED).count() > 0


def test_twin_without_lock_and_database_walls_the_slot_is_held_twice(unguarded_arena):
    walls.drop_capacity_walls()
    assert TWICE in unguarded_rounds(unguarded_arena("lock", "pause").sign_in(), do="hold")
