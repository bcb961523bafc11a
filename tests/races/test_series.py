"""Two hospitals want the same Tuesdays: on each of them exactly one has the device."""

from collections import Counter
from datetime import UTC

import pytest

from scheduling.actions import series_use
from scheduling.models import Series, SharingRequest
from scheduling.states import State
from tests import make
from tests.races import truths
from tests.races.arena import FEW, HOUR, POLITE, rounds, rush, winners, wish

pytestmark = pytest.mark.race
WEEKS = 3


def weekly(client, starts_at):
    """The form of a series as it is sent after the dates were looked at."""
    dates = [starts_at + number * 7 * 24 * HOUR for number in range(WEEKS)]
    chosen = {f"date_{start.astimezone(UTC):%Y%m%dT%H%MZ}": "ask" for start in dates}
    repeat = {"repeat": "weekly", "every": 1, "times": WEEKS, "do": "send"}
    return wish(client, starts_at, starts_at + HOUR, **repeat, **chosen)


def test_of_two_series_for_the_same_tuesdays_one_is_booked_whole(arena):
    arena = arena(workers=2, threads=2).sign_in(askers=4)
    device = arena.device()
    for number in range(rounds(FEW)):
        starts_at, _ends_at = arena.slot(number)
        answers = rush(
            [
                lambda client=client, starts_at=starts_at: client.post(
                    "scheduling:series-create", [device.pk], weekly(client, starts_at)
                )
                for client in arena.askers
            ]
        )
        assert sorted(answer.status for answer in answers)[:1] == [302]
    booked = SharingRequest.unscoped.filter(state=State.APPROVED)
    assert Counter(booked.values_list("series__borrower")).total() == rounds(FEW) * WEEKS
    assert Series.unscoped.count() == rounds(FEW)
    assert truths.broken() == {}


def test_two_approvers_who_answer_two_series_give_each_date_once(arena):
    arena = arena(workers=2, threads=2).sign_in(askers=0, approvers=2)
    device = arena.device(auto=False)
    starts_at, _ends_at = arena.slot(0)
    sent = [
        make.series(device, home, states=("requested",) * WEEKS, starts_at=starts_at, now=arena.now)
        for home in arena.borrowers[:2]
    ]
    answers = rush(
        [
            lambda client=client, one=one: client.post(
                "scheduling:series-answer", [one.pk], {"pk": keys_of(one), "rest": "leave"}
            )
            for client, one in zip(arena.approvers, sent, strict=True)
        ]
    )
    # Who comes when all is answered has ticked what no longer waits.
    assert winners(answers, polite=POLITE | {422})
    states = SharingRequest.unscoped.filter(series__in=sent).values_list("starts_at", "state")
    for moment in {starts for starts, _state in states}:
        assert sorted(state for starts, state in states if starts == moment) == [
            "approved",
            "declined",
        ]
    assert truths.broken() == {}


def keys_of(sent):
    return list(SharingRequest.unscoped.filter(series=sent).values_list("pk", flat=True))


def test_a_release_that_runs_twice_at_once_gives_each_date_back_once(arena):
    arena = arena(workers=1, threads=2)
    for number in range(rounds(FEW)):
        starts_at, _ends_at = arena.slot(number)
        make.series(
            arena.device(), arena.borrowers[0], states=("approved", "requested"), starts_at=starts_at,
            now=arena.now, confirm_asked_at=arena.now - 9 * HOUR, confirm_due_at=arena.now - HOUR,
        )  # fmt: skip
    done = rush([lambda: series_use.release_unconfirmed(now=arena.now)] * 4)
    assert sum(done) == rounds(FEW)
    steps = SharingRequest.unscoped.filter(transitions__side="system")
    assert steps.count() == rounds(FEW) * 2
    assert truths.broken() == {}
