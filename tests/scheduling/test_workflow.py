"""Every state × every transition, against a table written by hand."""

import pytest

from scheduling.kinds import kinds
from scheduling.states import Side, State
from scheduling.workflow import CHANGES, TRANSITIONS, allowed_pairs, transitions_of

# Rows: states.  What may follow, by transition name; everything else is illegal.
TABLE = {
    "held": {"submit": "requested", "withdraw": "withdrawn", "lapse": "lapsed"},
    "requested": {
        "approve": "approved",
        "approve_by_city": "approved",
        "auto_approve": "approved",
        "counter": "countered",
        "decline": "declined",
        "withdraw": "withdrawn",
        "lapse": "lapsed",
        "release": "withdrawn",
    },
    "countered": {
        "accept_counter": "approved",
        "refuse_counter": "withdrawn",
        "resubmit": "requested",
        "lapse": "lapsed",
        "release": "withdrawn",
    },
    "approved": {
        "cancel": "cancelled",
        "cancel_by_owner": "cancelled",
        "release_booking": "cancelled",
        "no_show": "no_show",
        "hand_over": "underway",
    },
    "underway": {"return": "finished"},
    "finished": {"close": "closed"},
    "closed": {},
    "declined": {},
    "withdrawn": {},
    "lapsed": {},
    "cancelled": {},
    "no_show": {},
}

SIDES = {
    "submit": {"borrower"},
    "approve": {"owner"},
    "approve_by_city": {"city"},
    "auto_approve": {"system"},
    "counter": {"owner"},
    "accept_counter": {"borrower"},
    "refuse_counter": {"borrower"},
    "resubmit": {"borrower"},
    "decline": {"owner", "city"},
    "withdraw": {"borrower"},
    "lapse": {"system"},
    "cancel": {"borrower", "system"},
    "cancel_by_owner": {"owner"},
    "release": {"system"},
    "release_booking": {"system"},
    "no_show": {"owner", "system"},
    "hand_over": {"owner", "borrower"},
    "return": {"owner", "borrower", "system"},
    "close": {"owner"},
}


def test_the_table_has_every_state_and_every_transition():
    assert set(TABLE) == {state.value for state in State}
    assert set(SIDES) == set(TRANSITIONS)


@pytest.mark.parametrize("name", TRANSITIONS)
@pytest.mark.parametrize("state", TABLE)
def test_a_transition_starts_where_the_table_says(state, name):
    transition = TRANSITIONS[name]
    expected = TABLE[state].get(name)
    assert (state in transition.sources) == (expected is not None)
    if expected:
        assert transition.target == expected


@pytest.mark.parametrize("name", TRANSITIONS)
def test_a_transition_belongs_to_its_sides(name):
    assert {side.value for side in TRANSITIONS[name].sides} == SIDES[name]


def test_only_the_system_moves_without_a_permission():
    for transition in TRANSITIONS.values():
        assert (transition.permission is None) == (transition.sides == (Side.SYSTEM,))


def test_the_pairs_of_the_database_are_those_of_the_table():
    assert allowed_pairs() == {
        (state, target) for state, row in TABLE.items() for target in row.values()
    }


@pytest.mark.parametrize("side", Side)
def test_the_moves_of_a_side_are_those_of_the_table(side):
    assert {move.name for move in transitions_of(side)} == {
        name for name, sides in SIDES.items() if side in sides
    }


# Steps that leave the state: the side, its permission, the states they start from.
WITHIN = {
    "extension": ("borrower", "ask", {"approved", "underway"}),
    "shortening": ("borrower", "ask", {"approved", "underway"}),
    "recall": ("owner", "decide", {"approved", "underway"}),
    "report_fault": ("borrower", "hand-over", {"underway"}),
}


def test_the_steps_within_a_state_are_those_of_the_table():
    assert {
        change.name: (change.side.value, change.permission.value, set(change.sources))
        for change in CHANGES
    } == WITHIN


def test_a_device_is_not_sent_again_after_a_counter_offer():
    assert set(TRANSITIONS) - kinds["equipment"].steps == {"resubmit"}


def test_only_what_brings_the_share_on_waits_while_it_is_on_hold():
    assert {move.name for move in TRANSITIONS.values() if move.forward} == {
        "approve",
        "approve_by_city",
        "auto_approve",
        "accept_counter",
        "hand_over",
    }
