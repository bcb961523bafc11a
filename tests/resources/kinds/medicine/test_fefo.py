"""What will be left at expiry, against a slow day-by-day reference."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from resources.kinds.medicine.fefo import Batch, outlook, usable_by_receiver

TODAY = date(2026, 11, 22)


def batch(key, days, units):
    return Batch(key, TODAY + timedelta(days=days), units)


def test_consumption_is_spent_on_the_lot_that_expires_first():
    found = outlook([batch(2, 72, 240), batch(1, 26, 180)], Decimal("4.2"), TODAY)
    first, second = found[1], found[2]
    assert (first.place, first.used, first.left) == (1, Decimal("109.2"), Decimal("70.8"))
    assert (second.place, second.used, second.left) == (2, Decimal("193.2"), Decimal("46.8"))


def test_without_known_consumption_all_is_left():
    for rate in (None, Decimal(0)):
        assert outlook([batch(1, 90, 320)], rate, TODAY)[1].left == 320


def test_what_has_expired_is_left_whole():
    assert outlook([batch(1, -1, 5), batch(2, 10, 5)], Decimal(9), TODAY)[1].left == 5


LOTS = st.lists(st.tuples(st.integers(-5, 60), st.integers(0, 80)), max_size=8)


@given(lots=LOTS, rate=st.integers(0, 12))
def test_it_agrees_with_spending_day_by_day(lots, rate):
    """Every day after today takes up to ``rate`` units from the usable lot that expires first."""
    stock = {key: units for key, (_days, units) in enumerate(lots)}
    for day in range(1, 61):
        needed = rate
        for key in sorted(stock, key=lambda key: (lots[key][0], key)):
            if lots[key][0] >= day:
                taken = min(stock[key], needed)
                stock[key] -= taken
                needed -= taken
    batches = [batch(key, days, units) for key, (days, units) in enumerate(lots)]
    found = outlook(batches, Decimal(rate), TODAY)
    assert {key: found[key].left for key in stock} == stock


def test_the_receiver_can_use_what_its_own_stock_leaves_before_the_safety_days():
    arrival = TODAY
    expiry = TODAY + timedelta(days=37)
    assert usable_by_receiver(Decimal(2), 10, expiry, arrival, 7) == 50
    assert usable_by_receiver(Decimal(2), 100, expiry, arrival, 7) == 0
    assert usable_by_receiver(None, 0, expiry, arrival, 7) == 0
    assert usable_by_receiver(Decimal(2), 0, TODAY + timedelta(days=5), arrival, 7) == 0
