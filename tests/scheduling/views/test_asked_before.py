"""GEN-12: whoever is about to ask reads what it has asked for already, wherever it asks."""

from datetime import timedelta

import pytest
from django.utils import timezone

from scheduling.queries.rule_facts import Wish, context_of
from scheduling.queries.same_wish import with_asked_before
from scheduling.queries.series import outcomes
from scheduling.recurrence import Use
from scheduling.rules import findings_for_request
from scheduling.views.series_rows import choices_of, totals
from tests import make

pytestmark = pytest.mark.django_db
HOUR, WEEK = timedelta(hours=1), timedelta(days=7)


@pytest.fixture
def now():
    return timezone.now().replace(minute=0, second=0, microsecond=0)


@pytest.fixture
def wish(now):
    owner, borrower = make.institution("owner"), make.institution("borrower")
    device = make.equipment(owner, last_safety_test=now.date())
    make.offer(device, now=now)
    first = now + 48 * HOUR
    times = {"starts_at": first, "ends_at": first + 4 * HOUR}
    return Wish(resource=device, borrower=borrower, mode="loan", **times)


def ask(wish, start, **fields):
    borrower = fields.pop("borrower", wish.borrower)
    times = {"starts_at": start, "ends_at": start + HOUR}
    return make.sharing_request(wish.resource, borrower, **times, **fields)


def said(wish, now):
    context = context_of(*with_asked_before([wish]), now=now)
    return [one for one in findings_for_request(context) if one.code == "GEN-12"]


def test_only_what_is_our_own_waits_and_meets_the_time_is_named(wish, now):
    ask(wish, wish.starts_at, borrower=make.institution())
    ask(wish, wish.starts_at, state="withdrawn")
    ask(wish, wish.ends_at)
    assert said(wish, now) == []
    row = ask(wish, wish.starts_at + HOUR)
    [found] = said(wish, now)
    assert found.text.startswith(f"You asked for this already: {row.reference}, ")
    assert found.severity == "info"


def test_of_the_dates_of_a_series_those_are_left_out_unless_chosen(wish, now):
    starts = [wish.starts_at + n * WEEK for n in range(4)]
    for start in starts[:2]:
        ask(wish, start)
    uses = [Use(day=start.date(), starts_at=start, ends_at=start + 4 * HOUR) for start in starts]
    found = outcomes(uses, wish=wish, institution=wish.borrower, now=now)
    assert [one.findings.blocks for one in found] == [[]] * 4
    assert [one.asked_before for one in found] == [True, True, False, False]
    first = [choices_of(one, timezone.get_current_timezone(), waits=True)[0][0] for one in found]
    assert first == ["leave", "leave", "ask", "ask"]
    counted = totals(found, 1, None)
    assert (counted["free"], counted["asked"]) == (4, 2)
