"""Two rounds that give the same: one is published between the other's check and its write.

Locks keep that from happening (``tests/races/test_rounds.py``); within one transaction they are no
obstacle, so here the database alone stands in the way.  The twin lacks its walls."""

import pytest
from django.db import DatabaseError, transaction

from scheduling.actions.rounds import publishing
from scheduling.models import Proposal
from tests.scheduling.guarantees.raw_sql import without

pytestmark = pytest.mark.django_db
WALLS = ("proposal_takes_free_time", "proposal_gives_what_is_asked", "proposal_waits_once")


@pytest.fixture
def rounds(city, monkeypatch):
    """The first, whose publishing lets the second pass it."""
    first, second = city.computed(), city.computed()
    check = publishing._stale

    def overtaken(run, rows, now):
        stale = check(run, rows, now)
        if run.pk == first.pk:
            publishing.publish(run=second, by=city.official, now=now)
        return stale

    monkeypatch.setattr(publishing, "_stale", overtaken)
    return first, second


def told(city) -> list[int]:
    """The rounds that told somebody of the urgent need."""
    rows = Proposal.unscoped.filter(need=city.urgent, state="published")
    return sorted(rows.values_list("run", flat=True))


def test_the_database_refuses_what_was_given_meanwhile(city, rounds):
    first, _second = rounds
    with pytest.raises(DatabaseError, match="proposal_"), transaction.atomic():
        publishing.publish(run=first, by=city.official, now=city.now)
    assert told(city) == []  # neither: the transaction was one


def test_twin_without_the_walls_of_the_database_both_are_told(city, rounds):
    first, second = rounds
    for name in WALLS:
        without(name)
    publishing.publish(run=first, by=city.official, now=city.now)
    assert told(city) == [first.pk, second.pk]
