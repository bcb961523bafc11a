"""What the database itself says of stock, asked with raw SQL; each with a twin without the guard."""

from datetime import date

import pytest
from django.utils import timezone

from resources.enums_medicine import EFFECTS, MovementSort
from resources.models import MedicineLot
from tests import make
from tests.scheduling.guarantees.raw_sql import refused, rows, run, without

pytestmark = pytest.mark.django_db
LEDGER, LOTS = "resources_stockmovement", "resources_medicinelot"


def line(lot, sort, quantity, changes=None, reason="because", offer=None):
    """Raw SQL that writes a line of the ledger."""
    changes = changes or [sign * quantity for sign in EFFECTS[sort]]
    return (
        f"INSERT INTO {LEDGER} (lot_id, sort, quantity, on_hand_change, reserved_change, "
        "in_transit_change, at, reason, reference, offer_id) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, '', %s)",
        lot.pk, sort, quantity, *changes, timezone.now(), reason, offer and offer.pk,
    )  # fmt: skip


def stock(lot):
    return rows(f"SELECT on_hand, reserved, in_transit FROM {LOTS} WHERE resource_id = %s", lot.pk)[
        0
    ]


def test_a_line_moves_the_balances_and_its_twin_does_not(lot):
    run(*line(lot, "reserve", 4))
    run(*line(lot, "dispatch", 3))
    assert stock(lot) == (7, 1, 3)
    without("ledger_moves_stock")
    run(*line(lot, "receive", 5))
    assert stock(lot) == (7, 1, 3)


@pytest.mark.parametrize("column", ["on_hand", "reserved", "in_transit"])
def test_nothing_but_the_ledger_changes_a_balance(lot, column):
    sql = f"UPDATE {LOTS} SET {column} = {column} + 1, on_hand = on_hand + 1 WHERE resource_id = %s"
    sql = sql.replace("on_hand = on_hand + 1, on_hand", "on_hand")
    assert "stock_is_its_ledger" in refused(sql, lot.pk)
    without("stock_is_its_ledger")
    run(sql, lot.pk)


def test_a_lot_is_not_registered_with_stock_that_nobody_received(lot):
    columns = [field.column for field in MedicineLot._meta.concrete_fields]
    names = [name for name in columns if name not in {"resource_id", "on_hand"}]
    device = make.medicine_lot(lot.institution, stock=0)
    run(f"DELETE FROM {LOTS} WHERE resource_id = %s", device.pk)
    sql = (
        f"INSERT INTO {LOTS} (resource_id, on_hand, {', '.join(names)}) "
        f"SELECT %s, 1, {', '.join('0' if n in ('reserved', 'in_transit') else n for n in names)} "
        f"FROM {LOTS} WHERE resource_id = %s"
    )
    assert "stock_is_its_ledger" in refused(sql, device.pk, lot.pk)
    without("stock_is_its_ledger")
    run(sql, device.pk, lot.pk)


@pytest.mark.parametrize(
    ("sort", "quantity"),
    [("reserve", 11), ("write_off", 11), ("correct", -11), ("release", 1), ("dispatch", 1),
     ("accept", 1), ("reject", 1), ("lose", 1)],
)  # fmt: skip
def test_no_line_takes_more_than_there_is(lot, sort, quantity):
    message = refused(*line(lot, sort, quantity)).lower()
    # PostgreSQL names the check of a positive column, SQLite the one it meets first.
    assert any(
        name in message for name in ("lot_stock_holds", "lot_transit_holds", "_check", "check")
    )
    assert stock(lot) == (10, 0, 0)


def test_what_is_reserved_cannot_be_written_off(lot):
    run(*line(lot, "reserve", 8))
    refused(*line(lot, "write_off", 3))
    run(*line(lot, "write_off", 2))
    assert stock(lot) == (8, 8, 0)


@pytest.mark.parametrize("sort", list(MovementSort))
def test_a_line_that_says_one_thing_and_moves_another_is_refused(lot, sort):
    wrong = [sign * 1 + 1 for sign in EFFECTS[sort]]
    assert "movement_as_its_sort" in refused(*line(lot, sort, 1, changes=wrong))


@pytest.mark.parametrize("sort", MovementSort.NEEDS_REASON)
def test_some_lines_need_their_reason(lot, sort):
    assert "movement_with_reason" in refused(*line(lot, sort, 1, reason=""))


def test_an_offer_promises_no_more_than_it_offers(lot):
    offer = make.offer(lot.resource, quantity=5, intervals=[])
    run(*line(lot, "reserve", 4, offer=offer))
    assert "ledger_within_offer" in refused(*line(lot, "reserve", 2, offer=offer))
    run(*line(lot, "release", 1, offer=offer))
    run(*line(lot, "reserve", 2, offer=offer))
    run(*line(lot, "dispatch", 5, offer=offer))
    assert "ledger_within_offer" in refused(*line(lot, "reserve", 1, offer=offer))
    without("ledger_within_offer")
    run(*line(lot, "reserve", 1, offer=offer))


def test_a_line_names_only_an_offer_of_its_own_lot(lot):
    other = make.offer(make.medicine_lot(lot.institution).resource, quantity=5, intervals=[])
    assert "ledger_within_offer" in refused(*line(lot, "reserve", 1, offer=other))


@pytest.mark.parametrize("column", ["lot_no", "expiry_date", "mfg_date", "approval_no", "item_key"])
def test_what_was_offered_keeps_its_number_and_dates(lot, column):
    """MED-01, in the database."""
    value = date(2030, 1, 1) if column == "expiry_date" else date(2020, 1, 1)
    sql = f"UPDATE {LOTS} SET {column} = %s WHERE resource_id = %s"
    run(sql, value if "date" in column else "1", lot.pk)
    run(f"UPDATE {LOTS} SET identity_fixed = %s WHERE resource_id = %s", True, lot.pk)
    other = date(2031, 1, 1) if column == "expiry_date" else date(2021, 1, 1)
    other = other if "date" in column else "2"
    assert "lot_identity_is_fixed" in refused(sql, other, lot.pk)
    loosened = f"UPDATE {LOTS} SET identity_fixed = %s WHERE resource_id = %s"
    assert "lot_identity_is_fixed" in refused(loosened, False, lot.pk)
    without("lot_identity_is_fixed")
    run(sql, other, lot.pk)


def test_a_lot_belongs_to_the_institution_of_its_resource(lot):
    stranger = make.institution("stranger")
    sql = f"UPDATE {LOTS} SET institution_id = %s WHERE resource_id = %s"
    assert "medicinelot_of_its_resource" in refused(sql, stranger.pk, lot.pk)


def test_nothing_is_sold_with_a_profit(lot):
    """MED-10, in the database."""
    sql = f"UPDATE {LOTS} SET transfer_price = unit_cost + 1 WHERE resource_id = %s"
    assert "lot_without_profit" in refused(sql, lot.pk)
