"""kill -9 while baskets are sent and fall: none is ever half sent, half held or half given."""

import secrets
import threading
from types import SimpleNamespace

import pytest
from django.db import connection

from scheduling.actions import basket_outcome
from scheduling.basket_states import BasketState
from scheduling.models import Basket, SharingRequest
from scheduling.states import State
from tests.durability.test_kills import kill_everything
from tests.make.baskets import loan, sent_basket
from tests.races import truths, walls
from tests.races.arena import HOUR, rush, typed, wish

pytestmark = pytest.mark.race
PREPARED, KILLS = 8, 2


def falling(arena, devices, number):
    """A basket with one item approved; the other waits for the no that undoes it."""
    starts_at, ends_at = arena.slot(number)
    asker = arena.askers[0]
    city = SimpleNamespace(
        borrower=asker.institution, asker=asker.user, devices=devices, now=arena.now
    )
    basket, items = sent_basket(city, terms=loan(arena.now, starts_at=starts_at, ends_at=ends_at))
    arena.approvers[0].post(
        "scheduling:request-approve",
        [items[0].pk],
        {"decision": "approve", "version": items[0].version, "text": ""},
    )
    return basket, items


class Work:
    """One person declines an item of each prepared basket, another sends one after the other."""

    def __init__(self, arena, prepared, devices):
        self.arena, self.prepared, self.devices = arena, prepared, devices
        self.promised, self.unanswered = [], 0
        self.over = threading.Event()

    def decline(self):
        for _basket, items in self.prepared:
            values = {"decision": "decline", "version": items[1].version, "text": ""}
            self._post(
                self.arena.approvers[0],
                "scheduling:request-decline",
                [items[1].pk],
                values | {"reason_code": "own_need"},
            )
            self.over.wait(0.15)

    def send(self):
        asker, number = self.arena.askers[1], 0
        try:
            while not self.over.is_set():
                number += 1
                starts_at, ends_at = self.arena.slot(100 + number)
                for device in self.devices:
                    fields = wish(asker, starts_at, ends_at, do="basket")
                    self._post(asker, "scheduling:request-create", [device.pk], fields)
                self._send_draft(asker)
        finally:
            connection.close()  # this thread's own

    def _send_draft(self, asker):
        draft = Basket.unscoped.filter(state=BasketState.DRAFT, created_by=asker.user).first()
        if draft is None:
            return
        answer = self._post(
            asker,
            "scheduling:basket-draft",
            [],
            {
                "message": "",
                "together": "all",
                "version": draft.version,
                "deadline_at": typed(self.arena.now + 12 * HOUR),
            },
        )
        if answer is not None and answer.status == 302:
            self.promised.append(int(answer.location.rstrip("/").rpartition("/")[2]))

    def _post(self, client, name, arguments, fields):
        """The answer; None where the server died first and nothing was promised."""
        try:
            return client.post(name, arguments, fields, key=secrets.token_hex(16))
        except OSError:
            self.unanswered += 1
            self.over.wait(0.05)
            return None

    def disturb(self):
        try:
            kill_everything(self.arena.portal, KILLS)
        finally:
            self.over.set()


def test_a_server_killed_whole_leaves_no_basket_half(arena):
    arena = arena().sign_in(askers=2, approvers=1)
    devices = [arena.device(auto=False) for _item in range(2)]
    prepared = [falling(arena, devices, number) for number in range(PREPARED)]
    work = Work(arena, prepared, devices)
    rush([work.decline, work.send, work.disturb])
    assert work.promised, "no basket was sent at all"
    basket_outcome.settle_all(now=arena.now)
    for basket, _items in prepared:
        assert how(basket) in (
            (BasketState.OPEN, [State.APPROVED, State.REQUESTED]),  # the no was never said
            (BasketState.RELEASED, [State.CANCELLED, State.DECLINED]),
        )
    kept = Basket.unscoped.filter(pk__in=work.promised, state=BasketState.OPEN)
    assert kept.count() == len(work.promised)
    assert truths.broken() == {}
    arena.portal.manage("audit_verify")


def how(basket):
    rows = SharingRequest.unscoped.filter(basket=basket).order_by("pk")
    return Basket.unscoped.get(pk=basket.pk).state, list(rows.values_list("state", flat=True))


def test_twin_a_basket_that_was_sent_in_part_would_be_noticed(arena):
    arena = arena().sign_in(askers=1, approvers=1)
    devices = [arena.device(auto=False) for _item in range(2)]
    basket, _items = falling(arena, devices, 0)
    assert truths.broken() == {}
    walls.drop_trigger("basket_is_as_its_items_are")
    Basket.unscoped.filter(pk=basket.pk).update(item_count=3)
    assert truths.broken() == {"a basket that was sent in part": 1}
