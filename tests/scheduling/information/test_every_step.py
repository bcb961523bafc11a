"""Every state times every step against a table written by hand."""

import pytest

from scheduling.actions import decisions, requests
from scheduling.actions._move import IllegalTransition, move
from scheduling.kinds.information.actions import deciding, ending, looking
from scheduling.states import State
from tests import make
from tests.scheduling.information.conftest import HOME

pytestmark = pytest.mark.django_db
STATES = (
    "requested", "countered", "approved", "underway", "finished", "closed",
    "declined", "withdrawn", "lapsed", "cancelled", "no_show",
)  # fmt: skip
# Step → {state: state that follows}; from every other state it is refused.
LEADS = {
    "approve": {"requested": "approved"},
    "return": {"requested": "countered"},
    "decline": {"requested": "declined"},
    "withdraw": {"requested": "withdrawn"},
    "refuse": {"countered": "withdrawn"},
    "accept": {},
    "look": {"approved": "underway", "underway": "underway"},
    "revoke": {"approved": "cancelled", "underway": "finished"},
    "give_back": {"approved": "cancelled", "underway": "finished"},
    "close": {"finished": "closed"},
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("step", LEADS)
def test_each_step_leads_where_the_table_says(
    asset, borrower, steward, clinician, now, step, state
):
    request = make.access_request(asset, borrower, state=state, by=clinician, now=now, looks=3)
    follows = LEADS[step].get(state)
    refused = _take(step, request, steward, clinician, borrower, now)
    assert refused is (follows is None)
    request.refresh_from_db()
    assert request.state == (follows or state)


def _take(step, request, steward, clinician, borrower, now) -> bool:
    """Take the step; whether it was refused."""
    common = {"sharing_request": request, "now": now}
    owner, asker = {"by": steward} | common, {"by": clinician} | common
    until = request.access_grant.asked_until
    steps = {
        "approve": lambda: deciding.approve(until=until, looks=2, **owner),
        "return": lambda: deciding.return_for_changes(text="Two looks", **owner),
        "decline": lambda: decisions.decline(reason_code="terms", **owner),
        "withdraw": lambda: requests.withdraw(**asker),
        "refuse": lambda: requests.refuse_counter(**asker),
        "accept": lambda: move(request, "accept_counter", side="borrower", by=clinician, now=now),
        "revoke": lambda: ending.revoke(text="x", **owner),
        "give_back": lambda: ending.give_back(text="x", **asker),
        "close": lambda: deciding.close(**owner),
    }
    if step == "look":
        outcome = looking.look(
            sharing_request=request, institution=borrower, by=clinician, address=HOME, now=now
        )
        return not outcome.permitted
    try:
        steps[step]()
    except IllegalTransition:
        return True
    return False


def test_the_table_knows_every_state():
    assert {*STATES, "held"} == set(State.values)
