"""What two people, or two runs of a job, do at one desk at the same moment."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from medshare_portal.models import Notification
from scheduling import answer_links
from scheduling.actions import clocks
from scheduling.models import SharingRequest, TransitionLog
from scheduling.states import Rung
from tests import make
from tests.races import truths, walls
from tests.races.arena import FEW, HOUR, rounds, rush

pytestmark = pytest.mark.race
DECISIONS = ("approve", "decline")
MOVES = "request_moves_as_the_workflow_says"


def asked(arena, number):
    start = arena.now + (24 + 4 * number) * HOUR
    return make.sharing_request(
        arena.device(auto=False), arena.borrowers[0], by=arena.askers[0].user, starts_at=start,
        ends_at=start + HOUR, agreement_accepted_at=arena.now,
    )  # fmt: skip


def decisions_on(row) -> list[TransitionLog]:
    return list(TransitionLog.unscoped.filter(sharing_request=row, transition__in=DECISIONS))


def confirm(client, fields, key):
    return client.visitor.post("/answer/", fields | {"idempotency_key": key})


def desks(arena) -> list[tuple]:
    """Who has the link of the mail, and who sits at the inbox: two colleagues; a deputy and whom
    the deputy stands in for."""
    first, second = arena.approvers
    deputy = arena.colleague("viewer")
    make.absence(second.user, deputy.user, at=arena.owner)
    return [(first, second), (deputy, second)]


def yes_and_no(by_link, at_inbox, row, number):
    """A yes on the page of the link and a no in the inbox, both to the request as it is now."""
    by_link.visitor.get(answer_links.path_for("approve", row, by_link.user.pk))
    no = {"decision": "decline", "reason_code": "own_need", "version": row.version}
    return rush(
        [
            lambda: confirm(by_link, {"answer": "yes"}, f"by-link-{number}"),
            lambda: at_inbox.post("scheduling:request-decide", [row.pk], no),
        ]
    )


def test_runs_of_the_clocks_at_once_climb_each_rung_once_and_tell_it_once(idle_portal):
    owner, now = make.institution("owner"), timezone.now()
    official = make.city_user()
    for role in ("approver", "head"):
        make.user(at=owner, role=role)
    row = make.sharing_request(
        make.equipment(owner),
        make.institution("borrower"),
        starts_at=now + 24 * HOUR,
        due_at=now - timedelta(days=30),
    )

    def run():
        try:
            return clocks.escalate(now=now)
        finally:
            connection.close()

    assert sum(rush([run] * 4)) == 1
    steps = [rung.step for rung in Rung if rung.step]
    climbed = TransitionLog.unscoped.filter(sharing_request=row, transition__in=steps)
    assert sorted(climbed.values_list("transition", flat=True)) == sorted(steps)
    assert Notification.unscoped.filter(user=official, event="answer-at-city").count() == 1
    assert truths.broken() == {}


def test_the_page_of_a_link_and_the_inbox_of_a_colleague_decide_once(arena):
    arena = arena(threads=2).sign_in(askers=1, approvers=2)
    pairs = desks(arena)
    for number in range(rounds(FEW)):
        row = asked(arena, number)
        answers = yes_and_no(*pairs[number % 2], row, number)
        assert sorted(answer.status for answer in answers) in ([302, 409], [302, 412])
        assert len(decisions_on(row)) == 1
    assert truths.broken() == {}


def test_twin_without_lock_compare_and_set_and_trigger_nobody_hears_of_the_other(unguarded_arena):
    """Both decide, or one of them falls over what the other has written: a yes after the no leaves
    the end of the request behind, which the coherence of the row refuses."""
    walls.drop_trigger(MOVES)
    arena = unguarded_arena("lock", "compare_and_set", "meeting", workers=1)
    arena.sign_in(askers=1, approvers=2)
    for number, desk in enumerate(desks(arena)):
        row = asked(arena, number)
        statuses = {answer.status for answer in yes_and_no(*desk, row, number)}
        assert 302 in statuses
        assert statuses <= {302, 500}


def test_twin_without_the_lock_the_compare_and_set_alone_lets_one_decide(unguarded_arena):
    arena = unguarded_arena("lock", "meeting", workers=1).sign_in(askers=1, approvers=2)
    row = asked(arena, 0)
    answers = yes_and_no(*desks(arena)[0], row, 0)
    assert sorted(answer.status for answer in answers) == [302, 409]


def test_an_absence_that_ends_while_its_deputy_approves_leaves_one_truth(arena):
    """Approved in the absent person's place, or refused and still waiting; nothing between."""
    arena = arena(threads=2).sign_in(askers=1, approvers=1)
    (absent,) = arena.approvers
    deputy = arena.colleague("viewer")
    for number in range(rounds(FEW)):
        row = asked(arena, number)
        absence = make.absence(absent.user, deputy.user, at=arena.owner)
        deputy.visitor.get(answer_links.path_for("approve", row, deputy.user.pk))
        approved, ended = rush(
            [
                lambda number=number: confirm(deputy, {"answer": "yes"}, f"deputy-{number}"),
                lambda absence=absence: absent.post("portal:absence-end", [absence.pk], {}),
            ]
        )
        assert (ended.status, approved.status in (302, 403, 404)) == (302, True)
        made = [(step.by_id, step.data.get("deputy_for")) for step in decisions_on(row)]
        row = SharingRequest.unscoped.get(pk=row.pk)
        if row.state == "approved":
            assert made == [(deputy.user.pk, str(absent.user))]
        else:
            assert (row.state, made) == ("requested", [])
        again = confirm(deputy, {"answer": "yes"}, f"once-more-{number}")
        assert again.status in (403, 404)
    assert truths.broken() == {}
