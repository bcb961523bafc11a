"""A handover that two people record at the same moment is recorded once."""

import pytest

from scheduling.models import Handover
from scheduling.queries.handover_facts import checklist
from scheduling.states import Stage, State
from tests import make
from tests.races import truths, walls
from tests.races.arena import FEW, HOUR, rounds, rush, winners

pytestmark = pytest.mark.race


def booking(arena, device, number):
    """An approved booking of a device of its own that starts within the hour."""
    return make.sharing_request(
        device,
        arena.borrowers[0],
        state=State.APPROVED,
        by=arena.askers[0].user,
        decided_by=arena.approvers[0].user,
        starts_at=arena.now + HOUR,
        ends_at=arena.now + 2 * HOUR,
        agreement_accepted_at=arena.now,
    )


def record():
    """The fields of the handover form, all in order."""
    codes = [code for code, _label in checklist("equipment", Stage.HANDOVER)]
    return {f"check_{code}": "on" for code in codes} | {
        "decontaminated": "on",
        "decontamination_record": "C-77",
        "counter_reading": 100,
        "receiver_name": "Wang Min",
    }


def all_hand_over(arena, number):
    request = booking(arena, arena.device(), number)
    return rush(
        [
            lambda client=client: client.post("scheduling:handover", [request.pk], record())
            for client in arena.approvers
        ]
    )


def test_of_those_who_record_one_handover_exactly_one_does(arena):
    arena = arena(threads=4).sign_in(askers=1, approvers=8)
    won = [len(winners(all_hand_over(arena, n))) for n in range(rounds(FEW))]
    assert won == [1] * rounds(FEW)
    assert Handover.unscoped.count() == rounds(FEW)
    assert truths.broken() == {}


def test_twin_without_lock_state_check_and_constraint_it_is_recorded_twice(unguarded_arena):
    walls.drop_constraint(Handover, "handover_once")
    arena = unguarded_arena("lock", "compare_and_set", "pause").sign_in(askers=1, approvers=8)
    broken = truths.broken_after(lambda number: all_hand_over(arena, number))
    assert "a stage handed over twice" in broken
