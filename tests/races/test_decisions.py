"""Two sides of one device decide at the same moment: at most one of them gets its way."""

import itertools

import pytest

from scheduling.models import SharingRequest, TimeChange
from scheduling.states import ChangeStatus, State
from tests import make
from tests.races import truths, walls
from tests.races.arena import FEW, HOUR, rounds, rush, winners, wish

pytestmark = pytest.mark.race
TWICE = "two bookings of one unit at the same time"


def competing(arena, device, number, how_many):
    """Requests of several institutions for one slot, none decided."""
    starts_at, ends_at = arena.slot(number)
    return [
        make.sharing_request(
            device,
            arena.borrowers[n % len(arena.borrowers)],
            by=arena.askers[n].user,
            starts_at=starts_at,
            ends_at=ends_at,
            agreement_accepted_at=arena.now,
        )
        for n in range(how_many)
    ]


def approve_all(arena, requests):
    """The approvers take turns with the competing requests; all approve at once."""
    return rush(
        [
            lambda client=client, request=request: client.post(
                "scheduling:request-approve",
                [request.pk],
                {"decision": "approve", "version": request.version, "text": ""},
            )
            for client, request in zip(arena.approvers, itertools.cycle(requests), strict=False)
        ]
    )


def test_of_two_approvals_of_competing_requests_exactly_one_wins(arena):
    arena = arena(threads=4).sign_in(askers=2, approvers=2)
    device = arena.device(auto=False)
    for number in range(rounds(FEW)):
        requests = competing(arena, device, number, 2)
        assert len(winners(approve_all(arena, requests))) == 1
        rows = SharingRequest.unscoped.filter(pk__in=[request.pk for request in requests])
        states = sorted(rows.values_list("state", flat=True))
        assert states == [State.APPROVED, State.DECLINED]
    assert truths.broken() == {}


def test_of_sixteen_approvals_of_eight_competing_requests_exactly_one_wins(arena):
    arena = arena(threads=4).sign_in(askers=8, approvers=16)
    device = arena.device(auto=False)
    for number in range(rounds(FEW)):
        answers = approve_all(arena, competing(arena, device, number, 8))
        assert len(winners(answers)) == 1
    assert SharingRequest.unscoped.filter(state=State.APPROVED).count() == rounds(FEW)
    assert truths.broken() == {}


def test_twin_without_lock_and_database_walls_both_approvals_win(unguarded_arena):
    walls.drop_capacity_walls()
    arena = unguarded_arena("lock", "declining", "pause").sign_in(askers=2, approvers=2)
    device = arena.device(auto=False)
    broken = truths.broken_after(
        lambda number: approve_all(arena, competing(arena, device, number, 2))
    )
    assert TWICE in broken


# Extension against a new booking


def extension(arena, device, number):
    """A booking of one hour with an extension that waits, up to two hours."""
    starts_at, ends_at = arena.slot(number)
    asker = arena.askers[0]
    booking = make.sharing_request(
        device,
        asker.institution,
        state=State.APPROVED,
        by=asker.user,
        decided_by=arena.approvers[0].user,
        starts_at=starts_at,
        ends_at=ends_at,
        agreement_accepted_at=arena.now,
    )
    make.time_change(booking, new_ends_at=ends_at + HOUR, by=asker.user)
    return booking


def extend_and_ask(arena, device, booking):
    """The owner's people agree while others ask for the hour after the booking."""
    agree = [
        lambda client=client: client.post(
            "scheduling:request-extension", [booking.pk], {"agree": "yes", "answer": ""}
        )
        for client in arena.approvers
    ]
    ask = [
        lambda client=client: client.post(
            "scheduling:request-create",
            [device.pk],
            wish(client, booking.ends_at, booking.ends_at + HOUR),
        )
        for client in arena.askers
    ]
    return rush([call for pair in zip(agree, ask, strict=True) for call in pair])


def test_of_an_extension_and_new_bookings_of_the_same_hour_exactly_one_wins(arena):
    arena = arena(threads=4).sign_in(askers=8, approvers=8)
    device = arena.device()
    for number in range(rounds(FEW)):
        booking = extension(arena, device, number)
        assert len(winners(extend_and_ask(arena, device, booking))) == 1
    assert truths.broken() == {}
    longer = TimeChange.unscoped.filter(status=ChangeStatus.AGREED).count()
    booked = SharingRequest.unscoped.filter(state=State.APPROVED).count()
    assert longer + booked == 2 * rounds(FEW)


def test_twin_without_lock_and_database_walls_extension_and_booking_both_win(unguarded_arena):
    walls.drop_capacity_walls()
    arena = unguarded_arena("lock", "pause").sign_in(askers=4, approvers=4)
    device = arena.device()
    broken = truths.broken_after(
        lambda number: extend_and_ask(arena, device, extension(arena, device, number))
    )
    assert TWICE in broken
