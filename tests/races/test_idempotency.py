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


def press_often(arena, device, number, *, same_key=True):
    """The same form sixteen times at once; with one key, or loaded anew each time."""
    key = secrets.token_hex(16)
    starts_at, ends_at = arena.slot(number)
    return rush(
        [
            lambda hand=hand: hand.post(
                "scheduling:request-create",
                [device.pk],
                wish(hand, starts_at, ends_at),
                key=key if same_key else None,
            )
            for hand in impatient(arena)
        ]
    )


def is_one_request(answers, number):
    assert len(winners(answers)) == CLIENTS
    assert len({answer.location for answer in answers}) == 1
    assert SharingRequest.unscoped.count() == number + 1


def test_one_key_posted_sixteen_times_is_one_request_at_one_address(unguarded_arena):
    """The key is enough, also where nobody knows the wish again."""
    arena = unguarded_arena("recognition").sign_in(askers=1)
    device = arena.device(auto=False)
    for number in range(rounds(FEW)):
        is_one_request(press_often(arena, device, number), number)
    assert truths.broken() == {}


def test_one_wish_from_sixteen_loaded_forms_is_one_request_at_one_address(arena):
    arena = arena(threads=4).sign_in(askers=1)
    device = arena.device(auto=False)
    for number in range(rounds(FEW)):
        is_one_request(press_often(arena, device, number, same_key=False), number)
    assert truths.broken() == {}


def test_twin_without_the_key_each_click_is_a_request_of_its_own(unguarded_arena):
    arena = unguarded_arena("idempotency", "recognition").sign_in(askers=1)
    press_often(arena, arena.device(auto=False), 0)
    assert SharingRequest.unscoped.count() > 1
