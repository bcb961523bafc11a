"""Ten vials are left and sixteen hospitals want one each: ten get theirs, at the same moment."""

import pytest

from resources.models import MedicineLot
from scheduling.models import SharingRequest
from scheduling.states import State
from tests import make
from tests.races import truths, walls
from tests.races.arena import CLIENTS, rush

pytestmark = pytest.mark.race
VIALS = 10
OVERSOLD = """
SELECT COUNT(*) FROM resources_medicinelot l WHERE l.reserved > l.on_hand OR l.reserved <> (
  SELECT COALESCE(SUM(m.reserved_change), 0) FROM resources_stockmovement m
  WHERE m.lot_id = l.resource_id)
"""


def sixteen_requests(arena, *, stock=VIALS):
    """Each of another hospital that uses the medicine; sixteen pharmacists may decide."""
    lot = make.offered_lot(arena.owner, stock=stock, pack_size=1)
    requests = []
    for number in range(CLIENTS):
        hospital = make.institution(f"hospital-of-{number}")
        make.medicine_use(hospital, 5)
        requests.append(make.transfer(lot, hospital, packs=1))
    deciders = [arena._client(arena.owner, "pharmacist") for _number in range(CLIENTS)]
    return lot, requests, deciders


def all_approve(requests, deciders):
    fields = {"decision": "approve", "quantity": "1", "reason": "", "text": ""}
    return rush(
        [
            lambda client=client, request=request: client.post(
                "scheduling:medicine-decide", [request.pk], fields | {"version": request.version}
            )
            for request, client in zip(requests, deciders, strict=True)
        ]
    )


def test_of_sixteen_who_want_one_of_ten_exactly_ten_get_one(arena):
    arena = arena(threads=4)
    lot, requests, deciders = sixteen_requests(arena)
    answers = all_approve(requests, deciders)
    assert sorted(answer.status for answer in answers) == [302] * VIALS + [409] * (CLIENTS - VIALS)
    lot = MedicineLot.unscoped.get(pk=lot.pk)
    assert (lot.on_hand, lot.reserved) == (VIALS, VIALS)
    assert SharingRequest.unscoped.filter(state=State.APPROVED).count() == VIALS
    assert truths.count(OVERSOLD) == 0


def test_twin_without_the_lock_the_database_still_sells_no_vial_twice(unguarded_arena):
    """The lock gives the polite answer; the ledger's own checks keep the vials."""
    arena = unguarded_arena("lock")
    _lot, requests, deciders = sixteen_requests(arena)
    all_approve(requests, deciders)
    assert truths.count(OVERSOLD) == 0
    assert SharingRequest.unscoped.filter(state=State.APPROVED).count() <= VIALS


def test_twin_without_lock_and_database_walls_the_last_vial_is_sold_twice(unguarded_arena):
    walls.drop_constraint(MedicineLot, "lot_stock_holds")
    walls.drop_trigger("ledger_within_offer")
    arena = unguarded_arena("lock", "count_of_stock")
    lot, requests, deciders = sixteen_requests(arena, stock=1)
    all_approve(requests, deciders)
    lot = MedicineLot.unscoped.get(pk=lot.pk)
    assert lot.reserved > lot.on_hand == 1
    assert truths.count(OVERSOLD) == 1
