"""A set of twelve pumps, sixteen people who want three each: four of them get theirs."""

import pytest

from scheduling.models import SharingRequest
from scheduling.states import State
from tests.races import truths, walls
from tests.races.arena import FEW, rounds, rush, winners, wish

pytestmark = pytest.mark.race
PUMPS, EACH = 12, 3


def all_ask_for_three(arena, device, number):
    starts_at, ends_at = arena.slot(number)
    return rush(
        [
            lambda client=client: client.post(
                "scheduling:request-create",
                [device.pk],
                wish(client, starts_at, ends_at, units=EACH),
            )
            for client in arena.askers
        ]
    )


def test_of_sixteen_who_want_three_of_twelve_exactly_four_get_them(arena):
    arena = arena(threads=4).sign_in()
    pumps = arena.device(units=PUMPS)
    won = [len(winners(all_ask_for_three(arena, pumps, n))) for n in range(rounds(FEW))]
    assert won == [PUMPS // EACH] * rounds(FEW)
    assert SharingRequest.unscoped.filter(state=State.APPROVED).count() == 4 * rounds(FEW)
    assert truths.broken() == {}


def test_twin_without_lock_and_database_wall_more_pumps_are_lent_than_there_are(unguarded_arena):
    walls.drop_capacity_walls()
    arena = unguarded_arena("lock", "pause").sign_in()
    pumps = arena.device(units=PUMPS)
    broken = truths.broken_after(lambda number: all_ask_for_three(arena, pumps, number))
    assert "more units booked than there are" in broken
