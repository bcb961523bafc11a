"""Every step of a transfer in every state, against a table written by hand."""

import pytest

from resources.models import MedicineLot
from scheduling.actions import requests as generic
from scheduling.actions._move import IllegalTransition
from scheduling.actions._rules import RulesBlock
from scheduling.actions.decisions import decline
from scheduling.states import Side

pytestmark = pytest.mark.django_db


def balances(lot):
    return MedicineLot.unscoped.values_list("on_hand", "reserved", "in_transit").get(pk=lot.pk)


# State → the steps that it allows; everything else is refused and changes nothing.
TABLE = {
    "requested": {"approve", "decline", "withdraw"},
    "signed": {"dispatch", "cancel"},
    "underway": {"receive"},
    "finished": {"close"},
    "closed": set(),
}
STEPS = ["approve", "decline", "withdraw", "dispatch", "cancel", "receive", "close"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("state", TABLE)
def test_every_step_in_every_state(lot, go, sides, now, state, step):
    request = go.to(lot, state)
    before = (request.version, balances(lot))
    make_it = {
        "approve": lambda: go.approve(request),
        "decline": lambda: decline(
            sharing_request=request, by=sides.sender, now=now, reason_code="own_need"
        ),
        "withdraw": lambda: generic.withdraw(sharing_request=request, by=sides.receiver, now=now),
        "dispatch": lambda: go.dispatch(request),
        "cancel": lambda: generic.cancel(
            sharing_request=request, side=Side.OWNER, by=sides.sender, now=now,
            reason_code="own_need",
        ),
        "receive": lambda: go.receive(request),
        "close": lambda: go.close(request),
    }[step]  # fmt: skip
    if step in TABLE[state]:
        make_it()
        return
    with pytest.raises((IllegalTransition, RulesBlock)):
        make_it()
    request.refresh_from_db()
    assert (request.version, balances(lot)) == before
