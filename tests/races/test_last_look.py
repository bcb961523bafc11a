"""Many tabs that open the content at once: exactly one has the last look."""

import pytest

from scheduling.models import AccessEvent, AccessGrant
from tests import make
from tests.races import walls
from tests.races.arena import FEW, Client, rounds, rush

pytestmark = pytest.mark.race
TABS = 8


def with_tabs(arena):
    """One person of a borrower, signed in eight times."""
    borrower = arena.borrowers[0]
    user = make.user(at=borrower, roles=("coordinator",))
    for _tab in range(TABS):
        visitor = arena.portal.visitor().sign_in(user.username, make.PASSWORD)
        arena.askers.append(Client(user, borrower, visitor, borrower.sites.get().pk))
    return arena


def all_open(arena):
    """The tabs open one grant that has one look left."""
    person = arena.askers[0].user
    request = make.access_request(
        make.asset(arena.owner), arena.borrowers[0], state="approved", looks=1, by=person
    )
    answers = rush(
        [
            lambda tab=tab: tab.post("scheduling:information-open", [request.pk], {})
            for tab in arena.askers
        ]
    )
    return request, answers


def permitted(request) -> int:
    rows = AccessEvent.unscoped.filter(request_id=request.pk)
    return rows.filter(decision="permit").count()


def test_of_all_tabs_exactly_one_has_the_last_look(arena):
    arena = with_tabs(arena(threads=4))
    for _round in range(rounds(FEW)):
        request, answers = all_open(arena)
        assert {answer.status for answer in answers} == {302}
        assert permitted(request) == 1
        assert AccessEvent.unscoped.filter(request_id=request.pk).count() == TABS
        grant = AccessGrant.unscoped.get(pk=request.pk)
        assert (grant.looks_used, grant.end_reason) == (1, "used_up")
    numbers = AccessEvent.unscoped.order_by("sequence").values_list("sequence", flat=True)
    assert list(numbers) == list(range(1, TABS * rounds(FEW) + 1))


def test_twin_without_lock_count_and_trigger_the_last_look_is_had_twice(unguarded_arena):
    walls.drop_trigger("access_within_grant")
    arena = with_tabs(unguarded_arena("lock", "count_of_looks"))
    used = []
    for _round in range(10):
        request, _answers = all_open(arena)
        used.append(AccessGrant.unscoped.get(pk=request.pk).looks_used)
        if used[-1] > 1:
            break
    assert max(used) > 1
