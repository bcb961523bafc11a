"""Rounds whose process dies, is silent, or computes for ever."""

from datetime import timedelta

import pytest

from scheduling.actions.rounds import computing, giving_up, ordering
from scheduling.actions.rounds.signs_of_life import mine
from scheduling.models import MatchingRun, Proposal

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def test_a_round_whose_process_died_is_taken_up_anew_once_and_then_in_nobodys_way(city):
    city.order()
    launched, now = [], city.now
    for attempt in (1, 2):
        assert ordering.start_waiting(launch=launched.append, now=now) == 1
        assert giving_up.give_up_lost(now=now + MINUTE) == 0
        now += 2 * MINUTE
        assert giving_up.give_up_lost(now=now) == 1
        row = MatchingRun.unscoped.get()
        assert (row.attempt, row.state) == (attempt, "queued" if attempt == 1 else "failed")
    assert row.error == "died"
    assert len(launched) == 2
    assert ordering.start_waiting(launch=launched.append, now=now) == 0


def test_a_process_that_is_known_to_have_ended_is_not_waited_for(city):
    run = city.order()
    ordering.start_waiting(launch=lambda pk: None, now=city.now)
    assert giving_up.give_up_lost(now=city.now, ended=[run.pk + 1]) == 0
    assert giving_up.give_up_lost(now=city.now, ended=[run.pk]) == 1


def test_who_wanted_it_stopped_is_not_given_it_again(city):
    run = city.order()
    ordering.start_waiting(launch=lambda pk: None, now=city.now)
    ordering.stop(run=run, by=city.official, now=city.now)
    assert giving_up.give_up_lost(now=city.now, ended=[run.pk]) == 1
    assert MatchingRun.unscoped.get().state == "failed"


def test_a_round_that_computes_for_ever_makes_room_though_it_gives_signs_of_life(city):
    city.order()
    ordering.start_waiting(launch=lambda pk: None, now=city.now)
    late = city.now + giving_up.LONGEST + MINUTE
    MatchingRun.unscoped.update(alive_at=late)
    assert giving_up.give_up_lost(now=late) == 1
    row = MatchingRun.unscoped.get()
    assert (row.state, row.error) == ("failed", "stuck")


def test_a_process_that_was_thought_dead_writes_no_more(city):
    """It was taken up anew by another, so the round is being computed, but not by this one."""
    run = city.order()
    ordering.start_waiting(launch=lambda pk: None, now=city.now)
    sleeper = MatchingRun.unscoped.get()
    assert mine(sleeper).exists()
    giving_up.give_up_lost(now=city.now, ended=[run.pk])
    ordering.start_waiting(launch=lambda pk: None, now=city.now)
    assert not mine(sleeper).exists()
    assert mine(MatchingRun.unscoped.get()).exists()


def test_a_round_that_was_given_up_is_not_written_to_afterwards(city):
    run = city.order()
    ordering.start_waiting(launch=lambda pk: None, now=city.now)
    MatchingRun.unscoped.update(attempt=giving_up.MOST_ATTEMPTS)
    assert giving_up.give_up_lost(now=city.now, ended=[run.pk]) == 1
    computing.compute(run=run, clock=lambda: city.now)
    run.refresh_from_db()
    assert run.state == "failed"
    assert not Proposal.unscoped.exists()
