"""The buttons of each side in each state, against a table written by hand."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse

from medshare_portal.roles import Permission
from scheduling.kinds import kinds
from scheduling.next_steps import CHANGES, OF_THE_INBOX, PAGES, STAGE_OF, next_steps
from scheduling.states import ChangeStatus, Side, Stage, State
from scheduling.workflow import TRANSITIONS

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
ALL = frozenset(Permission)

# State → what the owner and what the borrower may do an hour after the start, nothing recorded
# yet; in every other state nothing.
POSSIBLE = {
    "held": ({}, {"withdraw"}),
    "requested": ({"approve"}, {"withdraw"}),
    "countered": ({}, {"accept_counter", "refuse_counter"}),
    "approved": (
        {"cancel_by_owner", "no_show", "hand_over", "recall"},
        {"cancel", "extension", "shortening"},
    ),
    "underway": ({"recall"}, {"return", "extension", "shortening", "report_fault"}),
    "finished": ({"close"}, {}),
}


def request(state, *, starts_at=NOW - HOUR):
    return SimpleNamespace(
        kind="equipment",
        state=state,
        starts_at=starts_at,
        ends_at=NOW + 8 * HOUR,
        suspended_at=None,
        basket_id=None,
    )


def possible(*arguments, **values):
    steps = next_steps(*arguments, **{"permissions": ALL, "now": NOW} | values)
    return {step.name for step in steps if not step.why}


def why(name, *arguments, **values):
    steps = next_steps(*arguments, **{"permissions": ALL, "now": NOW} | values)
    return next(str(step.why) for step in steps if step.name == name)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("place", [0, 1], ids=["owner", "borrower"])
def test_a_side_may_do_what_the_table_says(state, place):
    side = (Side.OWNER, Side.BORROWER)[place]
    assert possible(request(state), side=side) == set(POSSIBLE.get(state, ({}, {}))[place])


@pytest.mark.parametrize("state", State)
def test_what_is_possible_by_the_workflow_is_shown_or_belongs_to_the_decision(state):
    for side in (Side.OWNER, Side.BORROWER):
        shown = {
            step.name for step in next_steps(request(state), side=side, permissions=ALL, now=NOW)
        }
        steps = kinds["equipment"].steps
        legal = {name for name in steps if side in TRANSITIONS[name].sides}
        assert legal - shown <= OF_THE_INBOX
        assert shown - legal <= {change.name for change in CHANGES} | {"answer_extension"}


@pytest.mark.parametrize("side", [Side.OWNER, Side.BORROWER])
def test_a_step_without_its_permission_is_grey_and_names_the_roles(side):
    assert possible(request("approved"), side=side, permissions=frozenset()) == set()
    grey = why("hand_over", request("approved"), side=side, permissions=frozenset())
    assert grey.startswith("Only with the role: ")


@pytest.mark.parametrize("side", [Side.OWNER, Side.BORROWER])
@pytest.mark.parametrize("state", State)
def test_every_step_leads_to_a_page(side, state):
    extension = SimpleNamespace(status=ChangeStatus.PENDING)
    for step in next_steps(
        request(state), side=side, permissions=ALL, now=NOW, changes=[extension]
    ):
        assert reverse(f"scheduling:{step.page}", args=["renhe", 1])


def test_the_tables_of_pages_and_stages_name_only_moves_of_the_workflow():
    moves = {*TRANSITIONS, *(change.name for change in CHANGES)}
    assert {*PAGES, *OF_THE_INBOX, *STAGE_OF} <= moves


def test_a_handover_opens_twelve_hours_before_the_start():
    early, soon = (request("approved", starts_at=NOW + hours * HOUR) for hours in (13, 12))
    assert why("hand_over", early, side=Side.OWNER) == "Possible from 12 hours before the start."
    assert "hand_over" in possible(soon, side=Side.OWNER)


def test_nobody_failed_to_come_before_the_start():
    early = request("approved", starts_at=NOW + HOUR)
    assert why("no_show", early, side=Side.OWNER) == "Possible after the start."


def test_what_another_borrower_still_has_is_not_handed_over():
    assert why("hand_over", request("approved"), side=Side.OWNER, not_back=True) == (
        "The device is not back yet from the booking before."
    )


def test_the_other_side_signs_what_one_side_recorded():
    given = [SimpleNamespace(stage=Stage.HANDOVER, received_at=None)]
    asked = {"handovers": given}
    assert "hand_over" in possible(request("approved"), side=Side.BORROWER, **asked)
    assert why("hand_over", request("approved"), side=Side.OWNER, **asked) == (
        "Recorded; the other side has to confirm receipt."
    )


def test_one_extension_at_a_time_and_the_owner_answers_it():
    pending = {"changes": [SimpleNamespace(status=ChangeStatus.PENDING)]}
    assert "answer_extension" in possible(request("underway"), side=Side.OWNER, **pending)
    assert "answer_extension" not in possible(request("underway"), side=Side.OWNER)
    assert why("extension", request("underway"), side=Side.BORROWER, **pending) == (
        "An extension is already waiting for an answer."
    )
