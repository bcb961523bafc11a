"""What is netted equals what was shared, to the smallest unit: random shares, a slow reference."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medshare_portal.money import amount_of, rounded
from reports.models import Statement, StatementLine
from reports.settlement.actions import drafting
from reports.settlement.queries.city import balances
from reports.settlement.queries.statements import netting, with_balances
from tests import make
from tests.reports.settlement import slow_settlement
from tests.reports.settlement.conftest import NOVEMBER, Sharing, worked

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")
SEPTEMBER = datetime(2026, 8, 31, 16, tzinfo=UTC)  # its first minute there
MINUTES = 61 * 24 * 60  # September and October
SHARES = st.lists(
    st.fixed_dictionaries(
        {
            "owner": st.integers(0, 2),
            "step": st.integers(1, 2),  # from the owner to the borrower, round the three
            "minute": st.integers(0, MINUTES - 1),
            "seconds": st.integers(1, 30 * 3600),
            "units": st.integers(1, 5),
            "cents": st.integers(0, 999_99),
            "by_shift": st.booleans(),
            "currency": st.sampled_from(sorted(slow_settlement.DIGITS)),
        }
    ),
    max_size=12,
)


@pytest.fixture
def three(db):
    sharing = Sharing()
    third = make.institution("third")
    sharing.askers[third.pk] = make.user("asks.third", at=third, role="approver")
    places = [sharing.east, sharing.west, third]
    return sharing, places, {place.pk: make.person(place) for place in places}


def lent(three, drawn) -> dict:
    """A closed share in the database; what it was in plain numbers."""
    sharing, places, people = three
    owner, borrower = places[drawn["owner"]], places[(drawn["owner"] + drawn["step"]) % 3]
    ended = SEPTEMBER + timedelta(minutes=drawn["minute"])
    price = f"{drawn['cents'] // 100}.{drawn['cents'] % 100:02}"
    used = {
        "borrower": borrower, "used": timedelta(seconds=drawn["seconds"]), "ended": ended,
        "currency": drawn["currency"],
    }  # fmt: skip
    if drawn["by_shift"]:
        worked(sharing.loan(
            owner, fee=0, fee_per_shift=price, device=people[owner.pk], mode="service", **used
        ))  # fmt: skip
    else:
        device = make.equipment(owner, units=9)
        sharing.loan(owner, fee=price, units=drawn["units"], device=device, **used)
    return drawn | {
        "owner": owner.pk, "borrower": borrower.pk, "ended": ended, "zone": ZONE, "price": price,
    }  # fmt: skip


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(SHARES)
def test_statements_say_what_the_slow_reference_says(three, drawn):
    with transaction.atomic():
        shares = [lent(three, share) for share in drawn]
        drafting.draft_due(now=NOVEMBER)
        _compare(shares)
        transaction.set_rollback(True)


def _compare(shares):
    found = with_balances(Statement.objects.in_city_view())
    told = {
        (row.first_id, row.second_id, row.month, row.currency): (row.owed_first, row.owed_second)
        for row in found
    }
    expected = slow_settlement.settle(shares)
    assert told == expected
    assert StatementLine.unscoped.count() == len(shares)  # each exactly once
    for row in found:
        one, other = netting(row, row.first), netting(row, row.second)
        assert one.net == -other.net == row.owed_first - row.owed_second
    for month in {key[2] for key in expected}:
        rows = balances(month)
        for currency in slow_settlement.DIGITS:
            assert sum(row.net for row in rows if row.currency == currency) == 0
            gross = [sum(sums) for key, sums in expected.items() if key[2:] == (month, currency)]
            assert sum(row.owed for row in rows if row.currency == currency) == sum(gross)


@given(
    st.integers(0, 40 * 3600), st.integers(1, 9), st.integers(0, 10**9),
    st.sampled_from(sorted(slow_settlement.DIGITS)),
)  # fmt: skip
def test_one_amount_is_that_of_fractions(seconds, units, cents, currency):
    price = Decimal(cents).scaleb(-2)
    hours = rounded(Decimal(seconds) * units / 3600, 2)
    assert amount_of(hours, price, currency) == slow_settlement.amount(
        seconds, units, str(price), currency
    )
