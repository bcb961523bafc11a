"""Before → after: both values stay, and what was agreed is added up exactly once."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from medshare_portal.models import AuditEvent, Notification
from reports.models import LineDispute, Statement, StatementLine
from reports.settlement.actions import disputes
from reports.settlement.actions.closing import close_due
from scheduling.actions._lock import NotYours
from tests import make
from tests.reports.settlement.conftest import HOUR, NOVEMBER, line_of, statement, total

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def disputed(sharing):
    """East lent for 800.00; west says that it was half as long."""
    line = _drafted(sharing)
    return sharing.dispute(line, quantity="4", price="100", reason="It was back at noon")


def _drafted(sharing):
    request = sharing.loan(sharing.east)
    sharing.draft()
    return line_of(request)


def answer(sharing, row, agree, at=NOVEMBER + 2 * HOUR):
    east = sharing.east
    return disputes.answer(
        dispute=row,
        agree=agree,
        text="See log",
        institution=east,
        by=sharing.people[east.pk],
        now=at,
    )


def step(sharing, action, row, at):
    west = sharing.west
    return action(dispute=row, institution=west, by=sharing.people[west.pk], now=at)


def test_before_and_after_are_kept_and_the_other_side_is_told(sharing, disputed):
    row = LineDispute.unscoped.get()
    assert (row.before_quantity, row.before_price, row.before_amount) == (8, 100, 80000)
    assert (row.after_quantity, row.after_price, row.after_amount) == (4, 100, 40000)
    told = Notification.unscoped.filter(event="statement.disputed")
    assert {note.institution for note in told} == {sharing.east}
    assert {"800.00 CNY", "400.00 CNY"} <= set(told.first().context.values())
    event = AuditEvent.unscoped.filter(action="statement.disputed").first()
    assert event.data["amount"] == ["800.00 CNY", "400.00 CNY"]


def test_agreed_the_difference_is_a_line_of_its_own(sharing, disputed):
    answer(sharing, disputed, agree=True)
    adjustment = StatementLine.unscoped.get(sort="adjustment")
    assert (adjustment.amount, adjustment.quantity, adjustment.price) == (-40000, 4, 100)
    assert adjustment.statement == disputed.line.statement
    assert (line_of(disputed.line.sharing_request).amount, total()) == (80000, 40000)


def test_refused_the_line_stays(sharing, disputed):
    answer(sharing, disputed, agree=False)
    assert (StatementLine.unscoped.count(), total()) == (1, 80000)
    disputed.refresh_from_db()
    assert (disputed.state, disputed.answer) == ("refused", "See log")


def test_withdrawn_the_line_stays_and_can_be_disputed_again(sharing, disputed):
    step(sharing, disputes.withdraw, disputed, NOVEMBER + 2 * HOUR)
    again = sharing.dispute(disputed.line, quantity="5", price="100")
    assert (again.before_amount, total()) == (80000, 80000)


def test_a_second_dispute_begins_with_what_was_agreed(sharing, disputed):
    answer(sharing, disputed, agree=True)
    again = sharing.dispute(disputed.line, quantity="3", price="100", now=NOVEMBER + 3 * HOUR)
    assert again.before_amount == 40000
    answer(sharing, again, agree=True, at=NOVEMBER + 4 * HOUR)
    assert total() == 30000


def test_agreed_after_the_close_it_stands_on_the_next_months_statement(sharing, disputed):
    close_due(now=NOVEMBER + 20 * DAY)
    assert statement().state == "closed"
    answer(sharing, disputed, agree=True, at=NOVEMBER + 20 * DAY)
    adjustment = StatementLine.unscoped.get(sort="adjustment")
    assert (adjustment.statement.month, adjustment.statement.state) == (date(2026, 11, 1), "draft")
    sharing.draft(now=NOVEMBER + 31 * DAY)
    adjustment.statement.refresh_from_db()
    assert adjustment.statement.state == "review"


def test_agreed_in_a_later_month_it_still_stands_on_an_open_one(sharing, disputed):
    close_due(now=NOVEMBER + 20 * DAY)
    sharing.loan(sharing.west, ended=NOVEMBER + 5 * DAY)
    sharing.draft(now=NOVEMBER + 31 * DAY)
    answer(sharing, disputed, agree=True, at=NOVEMBER + 32 * DAY)
    adjustment = StatementLine.unscoped.get(sort="adjustment")
    assert (adjustment.statement.month, adjustment.statement.state) == (date(2026, 11, 1), "review")
    assert Statement.unscoped.count() == 2


def test_one_settles_what_the_other_cannot_settle_again(sharing, disputed):
    answer(sharing, disputed, agree=True)
    for late in (
        lambda: answer(sharing, disputed, agree=False),
        lambda: step(sharing, disputes.withdraw, disputed, NOVEMBER + 3 * HOUR),
        lambda: step(sharing, disputes.ask_city, disputed, NOVEMBER + 9 * DAY),
    ):
        with pytest.raises(disputes.SettledAlready):
            late()
    assert total() == 40000


def test_the_city_is_asked_after_a_refusal_or_when_nobody_answers(sharing, disputed):
    with pytest.raises(disputes.CityNotYet):
        step(sharing, disputes.ask_city, disputed, NOVEMBER + 2 * DAY)
    step(sharing, disputes.ask_city, disputed, NOVEMBER + 7 * DAY)
    disputed.refresh_from_db()
    assert disputed.state == "with_city"
    with pytest.raises(disputes.SettledAlready):
        answer(sharing, disputed, agree=True, at=NOVEMBER + 8 * DAY)


@pytest.mark.parametrize(("uphold", "sum_after"), [(True, 40000), (False, 80000)])
def test_the_city_decides(sharing, disputed, uphold, sum_after):
    official = make.city_user()
    answer(sharing, disputed, agree=False)
    step(sharing, disputes.ask_city, disputed, NOVEMBER + 3 * HOUR)
    asked = Notification.unscoped.get(event="statement.city-asked", institution=None)
    assert asked.user == official
    disputes.decide(
        dispute=disputed, uphold=uphold, text="By the log", by=official, now=NOVEMBER + DAY
    )
    assert total() == sum_after
    chains = AuditEvent.unscoped.filter(action__startswith="statement.dispute_").values("chain")
    assert {row["chain"] for row in chains} == {"east", "west", "city"}


def test_only_an_official_decides(sharing, disputed):
    answer(sharing, disputed, agree=False)
    step(sharing, disputes.ask_city, disputed, NOVEMBER + 3 * HOUR)
    admin = make.city_user("admin", role="registry_admin")
    for person in (admin, sharing.people[sharing.west.pk]):
        with pytest.raises(NotYours):
            disputes.decide(dispute=disputed, uphold=True, text="", by=person, now=NOVEMBER)


def test_who_is_paid_disputes_as_well_and_who_pays_answers(sharing):
    east, west = sharing.east, sharing.west
    more = disputes.Claim(quantity=Decimal(10), price=Decimal(100), reason="Back at six")
    row = disputes.dispute(
        line=_drafted(sharing), claim=more, institution=east, by=sharing.people[east.pk],
        now=NOVEMBER,
    )  # fmt: skip
    assert (row.claimant, row.respondent, row.difference) == (east, west, 20000)
    told = Notification.unscoped.filter(event="statement.disputed")
    assert {note.institution for note in told} == {west}
    with pytest.raises(NotYours):
        answer(sharing, row, agree=True)  # east cannot agree with itself
    with pytest.raises(NotYours):
        step(sharing, disputes.withdraw, row, NOVEMBER + HOUR)
    disputes.answer(
        dispute=row, agree=True, text="", institution=west, by=sharing.people[west.pk],
        now=NOVEMBER + HOUR,
    )  # fmt: skip
    assert total() == 100000


def test_only_the_sides_of_a_line_dispute_it_and_only_the_other_answers(sharing, disputed):
    east, west, third = sharing.east, sharing.west, make.institution("third")
    claim = disputes.Claim(quantity=Decimal(1), price=Decimal(1), reason="x")
    stranger = make.user(at=third, role="coordinator")
    with pytest.raises(disputes.NotDisputable):
        disputes.dispute(
            line=disputed.line, claim=claim, institution=third, by=stranger, now=NOVEMBER
        )
    with pytest.raises(NotYours):
        disputes.answer(
            dispute=disputed, agree=True, text="", institution=west, by=sharing.people[west.pk],
            now=NOVEMBER,
        )  # fmt: skip
    with pytest.raises(NotYours):
        disputes.withdraw(
            dispute=disputed, institution=east, by=sharing.people[east.pk], now=NOVEMBER
        )
    viewer = make.user(at=east, role="viewer")
    with pytest.raises(NotYours):
        disputes.answer(
            dispute=disputed, agree=True, text="", institution=east, by=viewer, now=NOVEMBER
        )


def test_an_adjustment_is_not_disputed_again(sharing, disputed):
    answer(sharing, disputed, agree=True)
    with pytest.raises(disputes.NotDisputable):
        sharing.dispute(StatementLine.unscoped.get(sort="adjustment"))


def test_what_is_disputed_is_not_disputed_twice(sharing, disputed):
    with pytest.raises(disputes.DisputedAlready):
        sharing.dispute(disputed.line)


@pytest.mark.parametrize(
    ("figures", "refusal"),
    [
        (("8", "100"), disputes.NothingChanges),
        (("9999999999", "999999999999"), disputes.AmountTooLarge),
    ],
)
def test_figures_that_change_nothing_or_fit_nowhere_are_refused(sharing, figures, refusal):
    line = _drafted(sharing)
    with pytest.raises(refusal):
        sharing.dispute(line, quantity=figures[0], price=figures[1])
    assert not LineDispute.unscoped.exists()


def test_a_closed_statement_can_be_disputed_for_some_time(sharing):
    line = _drafted(sharing)
    close_due(now=NOVEMBER + 20 * DAY)
    with pytest.raises(disputes.TooLate):
        sharing.dispute(line, now=NOVEMBER + 111 * DAY)
    sharing.dispute(line, now=NOVEMBER + 100 * DAY)
