"""Stock through the actions: refusals in words, and no sequence that makes it untrue."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medshare_portal.models import AuditEvent
from resources.enums_medicine import MovementSort as Sort
from resources.kinds.medicine.actions.ledger import (
    BeyondOffer,
    Line,
    NotEnoughStock,
    NotReserved,
    ReasonMissing,
    WrongQuantity,
    post,
    post_all,
    record,
)
from resources.models import MedicineLot, StockMovement
from tests import make

pytestmark = pytest.mark.django_db


def balances(lot):
    return MedicineLot.unscoped.values_list("on_hand", "reserved", "in_transit").get(pk=lot.pk)


def test_a_transfer_leaves_both_ledgers_in_balance(lot, pharmacist, now):
    steps = [
        (Sort.RESERVE, 6), (Sort.RELEASE, 1), (Sort.DISPATCH, 5),
        (Sort.ACCEPT, 3), (Sort.REJECT, 1), (Sort.LOSE, 1),
    ]  # fmt: skip
    lines = [Line(sort=sort, quantity=n, reason="counted") for sort, n in steps]
    post_all(lot=lot, lines=lines, by=pharmacist, now=now)
    assert balances(lot) == (lot.on_hand, lot.reserved, lot.in_transit) == (5, 0, 0)


@pytest.mark.parametrize(
    ("sort", "quantity", "refusal"),
    [
        (Sort.RESERVE, 11, NotEnoughStock),
        (Sort.WRITE_OFF, 11, NotEnoughStock),
        (Sort.CORRECT, -11, NotEnoughStock),
        (Sort.RELEASE, 1, NotReserved),
        (Sort.DISPATCH, 1, NotReserved),
        (Sort.ACCEPT, 1, NotReserved),
        (Sort.RECEIVE, 0, WrongQuantity),
        (Sort.RECEIVE, -1, WrongQuantity),
        (Sort.CORRECT, 0, WrongQuantity),
        (Sort.RECEIVE, 1_000_000, WrongQuantity),
        (Sort.RECEIVE, 2**31, WrongQuantity),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(
    lot, pharmacist, now, sort, quantity, refusal
):
    with pytest.raises(refusal):
        post(lot=lot, line=Line(sort=sort, quantity=quantity, reason="x"), by=pharmacist, now=now)
    assert balances(lot) == (10, 0, 0)


@pytest.mark.parametrize("sort", Sort.NEEDS_REASON)
def test_a_loss_needs_its_reason(lot, pharmacist, now, sort):
    with pytest.raises(ReasonMissing):
        post(lot=lot, line=Line(sort=Sort(sort), quantity=1, reason=" "), by=pharmacist, now=now)


def test_an_offer_that_is_used_up_says_so(lot, pharmacist, now):
    offer = make.offer(lot.resource, quantity=3, intervals=[])
    post(lot=lot, line=Line(sort=Sort.RESERVE, quantity=2, offer=offer), by=pharmacist, now=now)
    with pytest.raises(BeyondOffer, match="only 1 packs"):
        post(lot=lot, line=Line(sort=Sort.RESERVE, quantity=2, offer=offer), by=pharmacist, now=now)
    assert balances(lot) == (10, 2, 0)


def test_all_lines_or_none(lot, pharmacist, now):
    lines = [Line(sort=Sort.RESERVE, quantity=6), Line(sort=Sort.RESERVE, quantity=6)]
    with pytest.raises(NotEnoughStock):
        post_all(lot=lot, lines=lines, by=pharmacist, now=now)
    assert StockMovement.unscoped.filter(lot=lot).count() == 1


def test_what_a_person_books_is_in_the_audit_trail(lot, pharmacist, now):
    line = Line(sort=Sort.WRITE_OFF, quantity=2, reason="broken")
    record(lot=lot, line=line, by=pharmacist, now=now)
    event = AuditEvent.objects.everywhere(reason="test").get(action="stock.moved")
    assert event.data == {"sort": "write_off", "quantity": 2, "reason": "broken", "on_hand": 8}


STEPS = st.lists(
    st.tuples(st.sampled_from(list(Sort)), st.integers(-3, 12)), min_size=1, max_size=25
)


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_no_sequence_of_steps_makes_stock_negative_or_unbalanced(owner, pharmacist, now, steps):
    lot = make.medicine_lot(owner, stock=0)
    expected = [0, 0, 0]  # a second, obvious ledger
    for sort, quantity in steps:
        try:
            line = Line(sort=sort, quantity=quantity, reason="any")
            post(lot=lot, line=line, by=pharmacist, now=now)
        except (NotEnoughStock, NotReserved, WrongQuantity):
            continue
        change = {
            Sort.RECEIVE: (1, 0, 0), Sort.CORRECT: (1, 0, 0), Sort.WRITE_OFF: (-1, 0, 0),
            Sort.ISSUE: (-1, 0, 0),
            Sort.RESERVE: (0, 1, 0), Sort.RELEASE: (0, -1, 0), Sort.DISPATCH: (-1, -1, 1),
        }.get(sort, (0, 0, -1))  # fmt: skip
        expected = [old + sign * quantity for old, sign in zip(expected, change, strict=True)]
    on_hand, reserved, in_transit = balances(lot)
    assert [on_hand, reserved, in_transit] == expected
    assert 0 <= reserved <= on_hand
    assert in_transit >= 0
