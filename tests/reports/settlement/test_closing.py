"""Accepted by both sides, or after the review: closed."""

from datetime import timedelta

import pytest

from medshare_portal.models import Notification
from reports.settlement.actions import closing
from scheduling.actions._lock import NotYours
from tests import make
from tests.reports.settlement.conftest import HOUR, NOVEMBER, line_of, statement

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def accept(sharing, place, by=None, now=NOVEMBER + HOUR):
    return closing.accept(
        statement=statement(), institution=place, by=by or sharing.people[place.pk], now=now
    )


@pytest.fixture
def drafted(sharing):
    sharing.loan(sharing.east)
    sharing.draft()
    return sharing


def test_with_the_second_yes_it_is_closed(drafted):
    accept(drafted, drafted.east)
    assert statement().state == "review"
    told = Notification.unscoped.filter(event="statement.accepted")
    assert {row.institution for row in told} == {drafted.west}
    accept(drafted, drafted.west)
    assert (statement().state, statement().closed_at) == ("closed", NOVEMBER + HOUR)


def test_nobody_accepts_twice_or_what_is_closed(drafted):
    accept(drafted, drafted.east)
    with pytest.raises(closing.AcceptedAlready):
        accept(drafted, drafted.east)
    accept(drafted, drafted.west)
    with pytest.raises(closing.NotInReview):
        accept(drafted, drafted.east)


def test_what_is_disputed_is_not_accepted_and_a_dispute_takes_acceptances_back(drafted):
    accept(drafted, drafted.east)
    drafted.dispute(line_of(drafted.device(drafted.east).requests.get()))
    assert statement().first_accepted_at is None
    with pytest.raises(closing.StillDisputed):
        accept(drafted, drafted.west)


def test_strangers_and_viewers_accept_nothing(drafted):
    stranger = make.institution("stranger")
    person = make.user(at=stranger, role="coordinator")
    with pytest.raises(NotYours):
        accept(drafted, stranger, by=person)
    with pytest.raises(NotYours):
        accept(drafted, drafted.east, by=make.user(at=drafted.east, role="viewer"))


def test_the_job_closes_after_the_review_and_says_so_once(drafted):
    assert closing.close_due(now=NOVEMBER + 9 * DAY) == 0
    assert closing.close_due(now=NOVEMBER + 11 * DAY) == 1
    assert closing.close_due(now=NOVEMBER + 12 * DAY) == 0
    assert statement().state == "closed"
    assert Notification.unscoped.filter(event="statements.closed").count() == 4


def test_a_dispute_that_is_open_at_the_close_goes_on(drafted):
    row = drafted.dispute(line_of(drafted.device(drafted.east).requests.get()))
    closing.close_due(now=NOVEMBER + 11 * DAY)
    row.refresh_from_db()
    assert (statement().state, row.state) == ("closed", "open")
