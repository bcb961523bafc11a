"""A form that is posted many times with one key is one submission."""

import secrets
from dataclasses import replace

import pytest

from scheduling.models import SharingRequest
from tests.races import truths
from tests.races.arena import CLIENTS, FEW, rounds, rush, winners, wish

pytestmark = pytest.mark.race


def impatient(arena):
    """One person, sixteen connections with the same session."""
    person = arena.askers[0]
    hands = []
    for _hand in range(CLIENTS):
        visitor = arena.portal.visitor()
        visitor.cookies = dict(person.visitor.cookies)
        hands.append(replace(person, visitor=visitor))
    return hands


def press_often(arena, device, number):
    """The same form, the same key, sixteen times at once."""
    key = secrets.token_hex(16)
    starts_at, ends_at = arena.slot(number)
    return rush(
        [
            lambda hand=hand: hand.post(
                "scheduling:request-create", [device.pk], wish(hand, starts_at, ends_at), key=key
            )
            for hand in impatient(arena)
        ]
    )


def test_one_key_posted_sixteen_times_is_one_request_at_one_address(arena):
    arena = arena(threads=4).sign_in(askers=1)
    device = arena.device(auto=False)
    for number in range(rounds(FEW)):
        answers = press_often(arena, device, number)
        assert len(winners(answers)) == CLIENTS
        assert len({answer.location for answer in answers}) == 1
        assert SharingRequest.unscoped.count() == number + 1
    assert truths.broken() == {}


def test_twin_without_the_key_each_click_is_a_request_of_its_own(unguarded_arena):
    arena = unguarded_arena("idempotency").sign_in(askers=1)
    press_often(arena, arena.device(auto=False), 0)
    assert SharingRequest.unscoped.count() > 1
