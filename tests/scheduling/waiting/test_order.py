"""The order of the line against a slow reference: who is before whom, pair by pair."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduling.queries.waiting_line import in_order
from scheduling.states import Priority
from scheduling.waiting import RANK

START = datetime(2026, 3, 29, tzinfo=UTC)
MORE_URGENT = ("stat", "asap", "urgent", "routine")


def entries():
    hours = st.integers(0, 3).map(lambda number: START + timedelta(hours=number))
    drawn = st.tuples(st.sampled_from(Priority.values), hours, hours)
    return st.lists(drawn, max_size=8).map(
        lambda rows: [
            SimpleNamespace(pk=pk, priority=row[0], latest_start=row[1], joined_at=row[2])
            for pk, row in enumerate(rows)
        ]
    )


def is_before(one, other) -> bool:
    """Said in words: the more urgent; of two alike who must begin first; then who came first."""
    if one.priority != other.priority:
        return MORE_URGENT.index(one.priority) < MORE_URGENT.index(other.priority)
    if one.latest_start != other.latest_start:
        return one.latest_start < other.latest_start
    if one.joined_at != other.joined_at:
        return one.joined_at < other.joined_at
    return one.pk < other.pk


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # on a busy machine
@given(entries(), st.randoms())
def test_the_line_is_in_the_order_that_the_pages_promise(line, rng):
    rng.shuffle(line)
    found = in_order(line)
    for place, entry in enumerate(found):
        ahead = sum(is_before(other, entry) for other in line)
        assert ahead == place


def test_every_urgency_has_a_rank_of_its_own():
    assert sorted(RANK.values()) == list(range(len(Priority.values)))
