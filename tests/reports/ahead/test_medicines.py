"""The use of medicines from the issues of the ledger, and what that warns of."""

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from medshare_portal.models import SpecialDay, User
from reports.actions.forecasts import compute
from reports.kinds import ahead
from reports.queries.days_off import days_off
from reports.queries.stock_ahead import issued
from reports.warned import Warned
from resources.enums_medicine import MovementSort
from resources.models import StockMovement
from tests import make
from tests.reports.ahead.conftest import DAY, SHANGHAI, seen, stored

pytestmark = pytest.mark.django_db


def test_steady_issues_are_forecast_in_dose_units_as_sums(house):
    assert compute(institution=house.owner, now=house.now) == 1
    row = stored(house.owner, "medicine")
    assert row.subject == house.lot.item_key
    assert (row.name_en, row.known_days) == ("Insulin glargine 300 IU/3 ml", 120)
    assert row.expected[29] == pytest.approx(300)  # 2 packs of 5 pens, 30 days
    assert row.high[29] == pytest.approx(300, abs=1)
    assert row.inputs_until == row.computed_at == house.now


def test_days_off_are_foretold_where_the_past_shows_that_they_matter():
    """Nothing is issued on them; those of another house, and days that are worked, do not count."""
    now = timezone.now()
    today = now.astimezone(SHANGHAI).date()
    owner, stranger = make.institution("owner"), make.institution("stranger")
    lot = make.medicine_lot(owner, stock=20, pack_size=5)
    sorts = dict.fromkeys((-number for number in range(5, 200, 9)), "holiday")
    sorts |= {1: "ordinary", 2: "working", 3: "holiday", 4: "ordinary"}
    for number, sort in sorts.items():
        SpecialDay.unscoped.create(
            institution=owner, day=today + number * DAY, sort=sort, name_en="As said"
        )
    SpecialDay.unscoped.create(institution=stranger, day=today + DAY, sort="holiday", name_en="Off")
    off = days_off(owner)
    make.movement(lot, MovementSort.RECEIVE, 1300, at=now - 201 * DAY)
    noon = now.astimezone(SHANGHAI).replace(hour=12, minute=0, second=0, microsecond=0)
    for number in range(1, 200):
        if today - number * DAY not in off:
            make.movement(lot, MovementSort.ISSUE, 6 + number % 2, at=noon - number * DAY)
    compute(institution=owner, now=now)
    row = stored(owner, "medicine")
    assert row.method == "calendar"
    sums = [0, *row.expected]
    of_day = [after - before for before, after in pairwise(sums)]
    assert of_day[3] < 0.5 * min(of_day[1], of_day[2], of_day[4])


def test_ten_days_of_stock_warn_of_a_shortage_and_the_day_of_the_next_delivery(house):
    compute(institution=house.owner, now=house.now)
    row = stored(house.owner, "medicine")
    assert (row.warned, row.severity, row.figures) == (
        Warned.SHORTAGE,
        100 - 3 * 10,
        {"days": 10, "coming": None},
    )
    lender = make.institution("lender")
    make.transfer(make.offered_lot(lender), house.owner, state="approved")
    compute(institution=house.owner, now=house.now)
    due = (house.now.date() + DAY).isoformat()
    assert stored(house.owner, "medicine").figures["coming"] == due


def test_packs_that_are_reserved_for_others_are_no_stock(house):
    make.movement(house.lot, MovementSort.RESERVE, 10)
    compute(institution=house.owner, now=house.now)
    assert stored(house.owner, "medicine").figures["days"] == 5


def test_a_lot_that_will_hardly_be_used_in_time_is_told_with_its_packs(house):
    today = house.now.astimezone(SHANGHAI).date()
    make.medicine_lot(house.owner, stock=100, pack_size=5, expiry_date=today + 30 * DAY)
    compute(institution=house.owner, now=house.now)
    row = stored(house.owner, "medicine")
    assert row.warned == Warned.SURPLUS
    # 30 days use 300 of its 500 pens; the lot that expires later is used afterwards.
    assert row.figures["packs"] == 40
    with translation.override("en"):
        line = f"40 packs of lot {row.figures['lot_no']} will hardly be used by"
        assert line in ahead["medicine"].words(row)


def test_an_item_that_was_never_issued_is_not_foretold():
    owner = make.institution("owner")
    make.medicine_lot(owner)
    assert compute(institution=owner, now=timezone.now()) == 0


def test_the_page_tells_how_long_stock_lasts_and_how_old_that_is(client, house):
    compute(institution=house.owner, now=house.now)
    body = seen(client, house.owner, "reports:stock-ahead", role="pharmacist").content.decode()
    assert "Insulin glargine" in body
    assert "10 days" in body
    assert "Worked out" in body
    User.objects.update(language="zh-hans")
    body = client.get(reverse("reports:stock-ahead", args=[house.owner.slug])).content.decode()
    assert "甘精胰岛素" in body
    assert "10天" in body


def test_one_click_leads_to_the_offer_with_the_packs_filled_in(client, house):
    today = house.now.astimezone(SHANGHAI).date()
    lot = make.medicine_lot(house.owner, stock=100, pack_size=5, expiry_date=today + 30 * DAY)
    compute(institution=house.owner, now=house.now)
    page = f"/at/{house.owner.slug}/"
    body = seen(client, house.owner, "reports:stock-ahead", role="pharmacist").content.decode()
    address = reverse("resources:medicine-offer", args=[house.owner.slug, lot.pk]) + "?packs=40"
    assert address in body
    assert 'name="quantity" value="40"' in client.get(address).content.decode()
    assert address in client.get(page).content.decode()
    viewer = seen(client, house.owner, "reports:stock-ahead", role="viewer").content.decode()
    assert "40 packs of lot" in viewer
    assert address not in viewer


@pytest.mark.parametrize("packs", ["-1", "0", "x", "1e3", "99999999", "٣"])
def test_packs_that_make_no_sense_fill_in_what_is_free(client, house, packs):
    client.force_login(make.user(at=house.owner, role="pharmacist"))
    page = reverse("resources:medicine-offer", args=[house.owner.slug, house.lot.pk])
    assert 'name="quantity" value="20"' in client.get(page, {"packs": packs}).content.decode()


def test_the_ledger_takes_an_issue_and_nothing_else_under_its_name(house):
    before = house.lot.on_hand
    make.movement(house.lot, MovementSort.ISSUE, 3)
    assert house.lot.on_hand == before - 3
    with pytest.raises(IntegrityError), transaction.atomic():
        StockMovement.unscoped.create(
            lot=house.lot,
            sort=MovementSort.ISSUE,
            quantity=3,
            on_hand_change=3,
            reserved_change=0,
            in_transit_change=0,
            at=house.now,
        )


def test_what_was_issued_on_a_day_is_of_that_day_where_the_pharmacy_is():
    owner = make.institution("owner")
    lot = make.medicine_lot(owner, stock=50, pack_size=5)
    make.movement(lot, MovementSort.ISSUE, 1, at=datetime(2026, 11, 27, 15, 59, tzinfo=UTC))
    make.movement(lot, MovementSort.ISSUE, 2, at=datetime(2026, 11, 27, 16, 0, tzinfo=UTC))
    found = issued(owner, today=date(2026, 11, 30), zone=SHANGHAI)[lot.item_key]
    assert (found.first_day, found.values.tolist()) == (date(2026, 11, 27), [5, 10, 0])


def test_a_medicine_says_its_error_and_what_its_band_did_not_hold(client, house):
    compute(institution=house.owner, now=house.now)
    client.force_login(make.user("reads.it", at=house.owner, role="pharmacist"))
    address = reverse("reports:stock-ahead", args=[house.owner.slug])

    def told(**found):
        type(stored(house.owner, "medicine")).unscoped.update(**found)
        return client.get(address).content.decode()

    good = told(coverage=0.8, mase=0.7, naive_mase=1.1)
    assert "error (MASE) 0.70, “as a week ago” 1.10" in good
    assert "take it with caution" not in good
    poor = told(coverage=0.55, mase=1.2, naive_mase=1.1)
    assert "error (MASE) 1.20, no better than “as a week ago” (1.10)" in poor
    assert "The band should hold 80 %: it is too narrow, take it with caution." in poor
