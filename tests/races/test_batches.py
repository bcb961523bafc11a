"""Two batches over the same requests at once: each request is decided once, and nobody waits for ever."""

import pytest

from scheduling.models import SharingRequest, TransitionLog
from scheduling.states import State
from tests import make
from tests.races import truths
from tests.races.arena import FEW, HOUR, rounds, rush

pytestmark = pytest.mark.race
ROWS = 6


def asked(arena, number):
    """Requests for devices of their own: a batch locks one after the other."""
    start = arena.now + (24 + 4 * number) * HOUR
    return [
        make.sharing_request(
            arena.device(auto=False),
            arena.borrowers[0],
            state=State.REQUESTED,
            by=arena.askers[0].user,
            starts_at=start,
            ends_at=start + HOUR,
            agreement_accepted_at=arena.now,
        )
        for _row in range(ROWS)
    ]


def decide(client, rows, **fields):
    ticked = [f"{row.pk}.{row.version}" for row in rows]
    return client.post("scheduling:inbox-batch", [], {"pk": ticked} | fields)


def test_overlapping_batches_decide_each_request_once_and_answer_all(arena):
    arena = arena(threads=4).sign_in(askers=1, approvers=3)
    yes, back, no = arena.approvers
    for number in range(rounds(FEW)):
        rows = asked(arena, number)
        answers = rush(
            [
                lambda rows=rows: decide(yes, rows, do="approve"),
                lambda rows=rows: decide(back, rows[::-1], do="approve"),
                lambda rows=rows: decide(no, rows, do="decline", reason_code="own_need"),
            ]
        )
        assert {answer.status for answer in answers} <= {200, 302, 409}
        pks = [row.pk for row in rows]
        states = SharingRequest.unscoped.filter(pk__in=pks).values_list("state", flat=True)
        assert set(states) <= {"approved", "declined"}
        decided = TransitionLog.unscoped.filter(
            sharing_request__in=pks, transition__in=["approve", "decline"]
        )
        assert decided.count() == ROWS
    assert truths.broken() == {}


def test_the_same_batch_sent_eight_times_at_once_is_one(arena):
    arena = arena(threads=4).sign_in(askers=1, approvers=1)
    (approver,) = arena.approvers
    rows = asked(arena, 0)
    key = "one-key-for-all-of-them"
    ticked = {"pk": [f"{row.pk}.{row.version}" for row in rows], "do": "approve"}
    answers = rush(
        [lambda: approver.post("scheduling:inbox-batch", [], ticked, key=key) for _n in range(8)]
    )
    assert {answer.status for answer in answers} == {302}
    assert SharingRequest.unscoped.filter(state="approved").count() == ROWS
    assert TransitionLog.unscoped.filter(transition="approve").count() == ROWS
