"""After the month is over every share stands on exactly one line, by the measure of its kind."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from medshare_portal.models import AuditEvent, Notification
from reports.models import Statement, StatementLine
from reports.settlement.actions import drafting
from tests import make
from tests.reports.settlement.conftest import HOUR, NOVEMBER, OCTOBER, line_of, statement

pytestmark = pytest.mark.django_db


def charged(request):
    line = line_of(request)
    return (line.unit, line.quantity, line.price, line.amount)


def test_a_device_is_charged_by_used_hours_to_the_cent(sharing):
    used = sharing.loan(sharing.east, fee="45.50", used=timedelta(hours=7, minutes=20))
    sharing.draft()
    # 7 h 20 are 7.33 h; 7.33 × 45.50 = 333.515, half-way up
    assert charged(used) == ("hour", Decimal("7.33"), Decimal("45.50"), 33352)


def test_units_count_together(sharing):
    device = make.equipment(sharing.east, units=4)
    used = sharing.loan(sharing.east, fee="10", hours=2, device=device, units=3)
    sharing.draft()
    assert charged(used) == ("hour", Decimal(6), Decimal(10), 6000)


def test_staff_are_charged_by_confirmed_hours_without_the_break(sharing):
    shift = sharing.shift(sharing.east, rate="120", hours=8, pause=30)
    sharing.draft()
    assert charged(shift) == ("hour", Decimal("7.50"), Decimal(120), 90000)


def test_a_shift_at_a_price_is_charged_once_however_long_it_became(sharing):
    short, long = (sharing.shift(sharing.east, shift="600.00", hours=n) for n in (4, 11))
    sharing.draft()
    assert charged(short) == charged(long) == ("shift", Decimal(1), Decimal(600), 60000)


def test_medicine_is_charged_by_accepted_packs(sharing):
    transfer = sharing.transfer(sharing.east, price="30.10", packs=5)
    detail = transfer.medicine_transfer
    detail.accepted, detail.rejected, detail.difference_reason = 3, 2, "Broken"
    detail.save()
    sharing.draft()
    assert charged(transfer) == ("pack", Decimal(3), Decimal("30.10"), 9030)


def test_information_is_free_and_stands_there_all_the_same(sharing):
    access = sharing.access(sharing.east)
    sharing.draft()
    assert charged(access) == ("access", Decimal(1), Decimal(0), 0)


def test_a_share_without_its_record_is_left_out_and_stops_nobody_else(sharing):
    bare = sharing.loan(sharing.east, device=make.person(sharing.east), mode="service")
    dear = sharing.loan(sharing.east, fee="999999999999.99", device=make.equipment(sharing.east))
    whole = sharing.loan(sharing.east)
    assert sharing.draft() == 1
    assert line_of(whole).amount == 80000
    assert not StatementLine.unscoped.filter(sharing_request__in=[bare, dear]).exists()


def test_currencies_stand_on_statements_of_their_own_with_their_own_smallest_unit(sharing):
    for currency in ("CNY", "JPY", "KWD"):
        sharing.loan(
            sharing.east,
            fee="10.45",
            hours=1,
            currency=currency,
            device=make.equipment(sharing.east),
        )
    sharing.draft()
    found = dict(StatementLine.unscoped.values_list("statement__currency", "amount"))
    assert found == {"CNY": 1045, "JPY": 10, "KWD": 10450}
    assert Statement.unscoped.count() == 3


def test_only_what_is_closed_is_charged(sharing):
    make.sharing_request(sharing.device(sharing.east), sharing.west, state="finished", now=OCTOBER)
    assert sharing.draft() == 0


@pytest.mark.parametrize(
    ("ended", "month"),
    [
        (datetime(2026, 9, 30, 15, 59, 59, tzinfo=UTC), date(2026, 9, 1)),  # 23:59:59 there
        (datetime(2026, 9, 30, 16, 0, tzinfo=UTC), date(2026, 10, 1)),  # midnight there
        (datetime(2026, 10, 31, 15, 59, 59, tzinfo=UTC), date(2026, 10, 1)),
    ],
)
def test_the_month_is_that_of_the_citys_clock(sharing, ended, month):
    sharing.loan(sharing.east, ended=ended)
    sharing.draft()
    assert statement().month == month


def test_what_was_closed_after_the_month_waits_for_its_own(sharing):
    sharing.loan(sharing.east, ended=datetime(2026, 10, 31, 16, 0, tzinfo=UTC))
    assert sharing.draft() == 0
    assert sharing.draft(now=datetime(2026, 12, 1, 1, tzinfo=UTC)) == 1


def test_both_sides_are_one_statement_whoever_lent_first(sharing):
    sharing.loan(sharing.west)
    sharing.loan(sharing.east)
    sharing.draft()
    assert (statement().first, statement().second) == (sharing.east, sharing.west)
    assert statement().lines.count() == 2


def test_drafting_again_writes_nothing_twice(sharing):
    sharing.loan(sharing.east)
    assert [sharing.draft(), sharing.draft(), sharing.draft(NOVEMBER + 30 * HOUR)] == [1, 0, 0]
    assert StatementLine.unscoped.count() == 1


def test_a_draft_that_stopped_half_way_goes_on_and_is_shown_only_when_it_is_whole(
    sharing, monkeypatch
):
    monkeypatch.setattr(drafting, "CHUNK", 2)
    for _number in range(5):
        sharing.loan(sharing.east, device=make.equipment(sharing.east))
    settle, calls = drafting._settle, []

    def killed_at_the_second(*arguments):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return settle(*arguments)

    monkeypatch.setattr(drafting, "_settle", killed_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        sharing.draft()
    assert (StatementLine.unscoped.count(), statement().state) == (2, "draft")
    assert not Statement.objects.concerning(sharing.east).exists()
    sharing.draft()
    assert (StatementLine.unscoped.count(), statement().state) == (5, "review")


def test_each_institution_is_told_once_and_it_is_in_every_trail(sharing):
    third = make.institution("third")
    sharing.loan(sharing.east)
    sharing.loan(sharing.east, device=make.equipment(sharing.east), borrower=third)
    sharing.draft()
    told = Notification.unscoped.filter(event="statements.drafted", institution=sharing.east)
    assert [row.context["number"] for row in told] == [2, 2]  # two people who settle there
    chains = AuditEvent.unscoped.filter(action="statement.drafted").values_list("chain", flat=True)
    assert sorted(chains) == ["east", "third", "west"]


def test_the_review_ends_at_midnight_in_the_city(sharing):
    sharing.loan(sharing.east)
    sharing.draft()
    assert statement().review_until == datetime(2026, 11, 11, 16, tzinfo=UTC)


def test_what_closes_after_its_months_statement_stands_on_the_next(sharing):
    sharing.loan(sharing.east)
    sharing.draft()
    Statement.unscoped.update(state="closed", closed_at=NOVEMBER)
    late = sharing.loan(sharing.east, device=make.equipment(sharing.east))
    assert sharing.draft() == 0
    assert sharing.draft(now=datetime(2026, 12, 2, tzinfo=UTC)) == 1
    assert line_of(late).statement.month == date(2026, 11, 1)
