"""New times of a booking at the moment in which somebody else decides about the same hours."""

import pytest

from scheduling.models import SharingRequest, TimeChange, TransitionLog
from scheduling.queries.handover_facts import checklist
from scheduling.states import ChangeKind, ChangeStatus, Stage, State
from tests import make
from tests.races import truths, walls
from tests.races.arena import FEW, HOUR, rounds, rush, typed, winners
from tests.races.test_decisions import TWICE, extension

pytestmark = pytest.mark.race


def extend_and_approve(arena, device, number):
    """One approver agrees to more time, another approves the request for that time."""
    booking = extension(arena, device, number)
    wish = make.sharing_request(
        device,
        arena.borrowers[1],
        by=arena.askers[1].user,
        starts_at=booking.ends_at,
        ends_at=booking.ends_at + HOUR,
        agreement_accepted_at=arena.now,
    )
    agree, approve = arena.approvers[:2]
    answers = rush(
        [
            lambda: agree.post(
                "scheduling:request-extension", [booking.pk], {"agree": "yes", "answer": ""}
            ),
            lambda: approve.post(
                "scheduling:request-approve",
                [wish.pk],
                {"decision": "approve", "version": wish.version, "text": ""},
            ),
        ]
    )
    return booking, wish, answers


def test_of_more_time_and_the_approval_of_the_next_exactly_one_wins(arena):
    arena = arena(threads=4).sign_in(askers=2, approvers=2)
    device = arena.device(auto=False)
    for number in range(rounds(FEW)):
        booking, wish, answers = extend_and_approve(arena, device, number)
        assert len(winners(answers)) == 1
        change = TimeChange.unscoped.get(sharing_request=booking)
        state = SharingRequest.unscoped.get(pk=wish.pk).state
        outcome = (change.status == ChangeStatus.AGREED, state == State.APPROVED)
        assert outcome in {(True, False), (False, True)}
    assert truths.broken() == {}


def test_twin_without_lock_and_walls_more_time_and_the_next_both_win(unguarded_arena):
    walls.drop_capacity_walls()
    arena = unguarded_arena("lock", "pause").sign_in(askers=2, approvers=2)
    device = arena.device(auto=False)
    broken = truths.broken_after(lambda number: extend_and_approve(arena, device, number))
    assert TWICE in broken


def recall_and_return(arena, number):
    """The owner recalls at the moment in which the borrower gives it back."""
    request = make.sharing_request(
        arena.device(),
        arena.borrowers[0],
        state=State.UNDERWAY,
        by=arena.askers[0].user,
        decided_by=arena.approvers[0].user,
        starts_at=arena.now - HOUR,
        ends_at=arena.now + 60 * HOUR,
        agreement_accepted_at=arena.now,
        recall_notice_hours=1,
    )
    codes = [code for code, _label in checklist("equipment", Stage.RETURN)]
    record = {f"check_{code}": "on" for code in codes} | {
        "decontaminated": "on", "decontamination_record": "C-77", "counter_reading": 100,
        "receiver_name": "Wang Min",
    }  # fmt: skip
    times = {"new_ends_at": typed(arena.now + 9 * HOUR), "reason": "We need it"}
    recall = lambda: arena.approvers[0].post("scheduling:request-recall", [request.pk], times)  # noqa: E731
    give_back = lambda: arena.askers[0].post("scheduling:return", [request.pk], record)  # noqa: E731
    return request, rush([recall, give_back])


def test_a_recall_never_changes_what_has_come_back(arena):
    arena = arena(threads=4).sign_in(askers=1, approvers=1)
    for number in range(rounds(FEW)):
        request, answers = recall_and_return(arena, number)
        assert len(winners(answers[1:])) == 1
        steps = list(
            TransitionLog.unscoped.filter(
                sharing_request=request, transition__in=["recall", "return"]
            )
            .order_by("pk")
            .values_list("transition", flat=True)
        )
        recalled = len(winners(answers[:1])) == 1
        assert steps == (["recall", "return"] if recalled else ["return"])
        kept = TimeChange.unscoped.filter(sharing_request=request, kind=ChangeKind.RECALL)
        assert kept.count() == recalled
    assert truths.broken() == {}
