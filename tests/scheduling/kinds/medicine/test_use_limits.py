"""What the matcher knows of MED-08 is what the rule says, pack by pack; a round proposes no more."""

from datetime import timedelta

import pytest

from medshare_portal.findings import Severity
from scheduling.actions.rounds import computing, ordering
from scheduling.kinds.medicine.queries.facts import context_of, lot_of
from scheduling.kinds.medicine.queries.use_limits import use_limits
from scheduling.kinds.medicine.rules.transfers import earliest_arrival, findings_of
from scheduling.models import MatchingRun, Proposal, UnmetNeed
from scheduling.states import State
from tests import make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def refuses(lot, borrower, quantity, now, today) -> bool:
    context = context_of(
        lot_of(lot.resource), borrower, quantity=quantity, arrival=earliest_arrival(today), now=now
    )
    return any(
        finding.code == "MED-08" and finding.severity is Severity.BLOCK
        for finding in findings_of(context)
    )


def nothing(sides, lot, today):
    """Only the use of the fixture: four pens a day."""


def own_stock(sides, lot, today):
    """Some expires before the lot, some after it, some has expired, some is promised."""
    for days, packs in ((40, 7), (300, 20), (-1, 5)):
        make.medicine_lot(sides.borrower, stock=packs, expiry_date=today + days * DAY)


def coming(sides, lot, today):
    first = make.offered_lot(sides.owner, stock=20, expiry_date=today + 50 * DAY)
    make.sharing_request(
        first.resource, sides.borrower, state=State.APPROVED, quantity=6, asked_quantity=6
    )


def unknown(sides, lot, today):
    sides.borrower.uses.delete()


@pytest.mark.parametrize("days", [5, 30, 200])
@pytest.mark.parametrize("case", [nothing, own_stock, coming, unknown])
def test_a_limit_is_where_the_rule_begins_to_refuse(sides, offered, now, today, case, days):
    lot = offered(expiry_date=today + days * DAY)
    sides.borrower.uses = type(make.medicine_use(sides.owner, 1)).unscoped.filter(
        institution=sides.borrower
    )
    case(sides, lot, today)
    asked = {(sides.borrower.pk, lot.item_key): 100}
    found = [packs for _who, _lot, packs in use_limits(asked, [lot.resource], now)]
    refused = [n for n in range(1, 101) if refuses(lot, sides.borrower, n, now, today)]
    assert refused == list(range(found[0] + 1, 101) if found else [])


def test_a_round_gives_no_more_than_can_be_used_and_nothing_is_refused(sides, offered, now, today):
    lot = offered(expiry_date=today + 50 * DAY, search_text="insulin glargine")
    stranger = make.institution("stranger")  # of its use nothing is known
    for place in (sides.borrower, stranger):
        make.need(
            place, category=None, now=now, kind="medicine", what="Insulin glargine", quantity=90,
            starts_at=None, ends_at=None, needed_by=now + 3 * DAY, expires_at=now + 3 * DAY,
        )  # fmt: skip
    order = {"by": make.city_user(), "now": now}
    run = ordering.order(terms=ordering.RoundTerms(kinds=("medicine",)), **order)
    ordering.start_waiting(launch=lambda pk: None, now=now)
    assert computing.compute(run=run, clock=lambda: now)
    results = MatchingRun.unscoped.get(pk=run.pk).results
    assert (results["refused"], results["passes"]["struck"]) == ({}, [])
    [row] = Proposal.unscoped.all()
    assert row.borrower == sides.borrower
    assert row.quantity == 50  # 42 days of 4 pens, half as many again, by fives
    assert not refuses(lot, sides.borrower, 50, now, today)
    part, whole = UnmetNeed.unscoped.order_by("pk")
    assert (part.quantity, part.data["use"]) == (40, True)
    assert whole.data["funnel"][-1] == ["use", 0]
