"""Of several equal devices as many are published as are free at the time, whichever was meant."""

from datetime import timedelta

import pytest

from scheduling.actions.rounds import publishing
from scheduling.models import Proposal
from tests import make

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def pumps(owner, now):
    made = make.equipment(owner, units=3, last_safety_test=now.date())
    make.offer(made, now=now, intervals=[(now, now + 7 * DAY)])
    return made


class Lines:
    """A round whose lines ask for a pump each."""

    def __init__(self, pumps, borrower, now):
        self.pumps, self.borrower, self.now = pumps, borrower, now
        self.start = now + 72 * HOUR
        self.run = make.matching_run(now=now, kinds=["equipment"])

    def propose(self, unit: int, first: int, last: int, urgency=3) -> Proposal:
        """A need from its ``first`` to its ``last`` hour, and the unit that was meant for it."""
        times = {
            "starts_at": self.start + first * HOUR,
            "ends_at": self.start + last * HOUR,
            "flexible_hours": 0,
        }
        need = make.need(self.borrower, category=self.pumps.category, now=self.now, **times)
        ref = f"R-{self.pumps.pk}#{unit}"
        return make.proposal(
            self.run, need, self.pumps, now=self.now, offer_ref=ref, urgency=urgency
        )

    def book(self, first: int, last: int, units=1) -> None:
        make.sharing_request(
            self.pumps, make.institution(), state="approved", units=units,
            starts_at=self.start + first * HOUR, ends_at=self.start + last * HOUR,
        )  # fmt: skip

    def published(self) -> set[int]:
        publishing.publish(run=self.run, by=make.city_user(), now=self.now)
        rows = Proposal.unscoped.filter(run=self.run)
        out = rows.exclude(state="published")
        assert set(out.values_list("state", "stale")) <= {("struck", "taken")}
        return set(rows.filter(state="published").values_list("pk", flat=True))


@pytest.fixture
def lines(pumps, borrower, now):
    return Lines(pumps, borrower, now)


def test_any_free_unit_will_do(lines):
    second, third = lines.propose(2, 0, 4), lines.propose(3, 0, 4)
    lines.book(0, 4)
    assert lines.published() == {second.pk, third.pk}


def test_of_more_lines_than_units_the_pressing_ones_stay(lines):
    lines.propose(1, 0, 4)
    urgent = lines.propose(3, 1, 3, urgency=1)
    lines.propose(2, 2, 6)
    lines.book(0, 6, units=2)
    assert lines.published() == {urgent.pk}


def test_bookings_before_and_after_that_share_a_unit_count_once_at_a_time(lines):
    """Booked is one of the pumps at first and one at last, and a second all the time: the two lines
    fit beside them, though no one numbered unit is free for both of them."""
    lines.book(0, 20)
    lines.book(0, 5)
    lines.book(15, 20)
    early, late = lines.propose(2, 0, 11), lines.propose(3, 9, 20)
    assert lines.published() == {early.pk, late.pk}


def test_what_waits_for_an_answer_has_its_unit(lines):
    published = make.matching_run(now=lines.now, state="published")
    for number in (1, 2):
        need = make.need(lines.borrower, category=lines.pumps.category, now=lines.now)
        make.proposal(
            published, need, lines.pumps, now=lines.now, state="published",
            offer_ref=f"R-{lines.pumps.pk}#{number}",
            starts_at=lines.start, ends_at=lines.start + 4 * HOUR,
        )  # fmt: skip
    first = lines.propose(1, 2, 5)
    lines.propose(2, 3, 6)
    assert lines.published() == {first.pk}


def test_a_device_that_is_no_longer_offered_then_gives_none(lines, pumps):
    lines.propose(1, 0, 2)
    kept = lines.propose(2, 10, 12)
    make.block(
        pumps, lines.start - HOUR, lines.start + 3 * HOUR, by=make.user(at=pumps.institution)
    )
    assert lines.published() == {kept.pk}
