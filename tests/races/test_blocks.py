"""The owner keeps a time for itself while somebody books it: one of them is too late."""

import pytest

from resources.models import BusyBlock
from scheduling.models import SharingRequest
from scheduling.states import State
from tests.races import truths, walls
from tests.races.arena import FEW, rounds, rush, typed, winners
from tests.races.test_decisions import competing

pytestmark = pytest.mark.race


def keep_and_approve(arena, device, number):
    """Half of the owner's people keep the hours, half approve a request for them."""
    request = competing(arena, device, number, 1)[0]
    block = {
        "reason": "own_use",
        "starts_at": typed(request.starts_at),
        "ends_at": typed(request.ends_at),
        "note": "",
    }
    decision = {"decision": "approve", "version": request.version, "text": ""}
    calls = []
    for keeper, approver in zip(arena.approvers[::2], arena.approvers[1::2], strict=True):
        calls += [
            lambda client=keeper: client.post("resources:block-create", [device.pk], block),
            lambda client=approver: client.post(
                "scheduling:request-approve", [request.pk], decision
            ),
        ]
    return rush(calls)


def test_a_time_is_either_kept_or_lent_and_never_both(arena):
    arena = arena(threads=4).sign_in(askers=1, approvers=16)
    device = arena.device(auto=False)
    for number in range(rounds(FEW)):
        assert len(winners(keep_and_approve(arena, device, number))) >= 1
    lent = SharingRequest.unscoped.filter(state=State.APPROVED).count()
    kept = BusyBlock.unscoped.values("starts_at").distinct().count()
    assert lent + kept == rounds(FEW)
    assert truths.broken() == {}


def test_twin_without_lock_rules_and_database_walls_a_time_is_kept_and_lent(unguarded_arena):
    walls.drop_capacity_walls()
    arena = unguarded_arena("lock", "rules").sign_in(askers=1, approvers=8)
    device = arena.device(auto=False)
    broken = truths.broken_after(lambda number: keep_and_approve(arena, device, number))
    assert "a booking over the owner's block" in broken
