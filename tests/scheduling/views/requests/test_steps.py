"""One request: its story, and what each side may do next."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scheduling.models import TimeChange
from scheduling.states import ChangeStatus, State
from tests import make
from tests.scheduling.views.requests.steps import (
    HOUR,
    STEPS_OF_BORROWER,
    STEPS_OF_OWNER,
    loan,
    local,
    post,
    reasons,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", [state.value for state in State])
def test_both_sides_see_the_story_in_every_state(client, device, owner, borrower, now, state):
    past = state in ("underway", "finished", "closed", "no_show")
    times = {"starts_at": now - 9 * HOUR, "ends_at": now - HOUR} if past else {}
    row = loan(device, borrower, now, state, **times)
    statuses = []
    for at in (owner, borrower, make.institution("xihu")):
        client.force_login(make.user(at=at, roles=["coordinator", "approver"]))
        statuses.append(client.get(f"/at/{at.slug}/requests/{row.pk}/").status_code)
    # A hold is the borrower's own affair until it is sent.
    assert statuses == [404 if state == "held" else 200, 200, 404]


def test_buttons_follow_the_workflow_and_grey_ones_say_why(client, device, owner, borrower, now):
    row = loan(device, borrower, now, "approved", starts_at=now + HOUR)
    client.force_login(make.user(at=owner, role="approver"))
    page = client.get(f"/at/renhe/requests/{row.pk}/")
    assert [step.name for step in page.context["possible"]] == [
        "hand_over",
        "cancel_by_owner",
        "recall",
    ]
    why = reasons(page)
    assert why["approve"] == "Possible when it is: Requested"
    assert why["no_show"] == "Possible after the start."
    client.force_login(make.user(at=borrower, role="viewer"))
    page = client.get(f"/at/dongbei/requests/{row.pk}/")
    assert page.context["possible"] == []
    why = reasons(page)
    assert why["cancel"].startswith("Only with the role: Coordinator")


def test_the_rivals_are_the_owners_to_know(client, device, owner, borrower, now):
    row = loan(device, borrower, now, "requested")
    rival = make.institution("parkside", name_en="Secret Rival")
    loan(device, rival, now, "requested")
    pages = {}
    for at in (owner, borrower):
        client.force_login(make.user(at=at, role="viewer"))
        pages[at.slug] = client.get(f"/at/{at.slug}/requests/{row.pk}/").content.decode()
    assert "Secret Rival" in pages["renhe"]
    assert "Secret Rival" not in pages["dongbei"]


def test_the_borrower_withdraws_once(client, device, borrower, now):
    row = loan(device, borrower, now, "requested")
    client.force_login(make.user(at=borrower, role="coordinator"))
    assert client.get(f"/at/dongbei/requests/{row.pk}/withdraw/").status_code == 200
    assert post(client, "dongbei", row, "withdraw").status_code == 302
    again = post(client, "dongbei", row, "withdraw")
    row.refresh_from_db()
    assert (row.state, again.status_code) == (State.WITHDRAWN, 409)
    assert "not possible any more" in again.content.decode()


def test_each_side_cancels_with_its_own_permission(client, device, owner, borrower, now):
    row = loan(device, borrower, now, "approved")
    statuses = {}
    for at, role in ((owner, "coordinator"), (borrower, "approver"), (borrower, "viewer")):
        client.force_login(make.user(at=at, role=role))
        answer = post(client, at.slug, row, "cancel", reason_code="defect")
        statuses[at.slug, role] = answer.status_code
    assert statuses == {
        ("renhe", "coordinator"): 403,
        ("dongbei", "approver"): 403,
        ("dongbei", "viewer"): 403,
    }
    client.force_login(make.user(at=owner, role="approver"))
    assert post(client, "renhe", row, "cancel", reason_code="").status_code == 422
    assert post(client, "renhe", row, "cancel", reason_code="defect").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.decision_code) == (State.CANCELLED, "defect")


def test_the_borrower_cannot_call_off_in_the_owners_name(client, device, borrower, now):
    """It would count as taken back by the owner."""
    row = loan(device, borrower, now, "approved")
    client.force_login(make.user(at=borrower, role="coordinator"))
    for reason in ("recalled", "own_need", "defect"):
        answer = post(client, "dongbei", row, "cancel", reason_code=reason)
        assert list(answer.context["form"].errors) == ["reason_code"]
    assert post(client, "dongbei", row, "cancel", reason_code="found_elsewhere").status_code == 302


def test_what_nobody_collected_is_freed_after_the_start(client, device, owner, borrower, now):
    early = loan(device, borrower, now, "approved")
    other = make.equipment(owner)
    due = loan(other, borrower, now, "approved", starts_at=now - 2 * HOUR)
    client.force_login(make.user(at=owner, role="coordinator"))
    assert post(client, "renhe", early, "no-show").status_code == 409
    assert post(client, "renhe", due, "no-show").status_code == 302
    due.refresh_from_db()
    assert due.state == State.NO_SHOW


def test_more_time_is_asked_and_agreed(client, device, owner, borrower, now):
    row = loan(device, borrower, now, "approved", ends_at=now + 32 * HOUR)
    client.force_login(make.user(at=borrower, role="coordinator"))
    fields = {"new_ends_at": local(now + 40 * HOUR), "reason": "Not back yet"}
    assert post(client, "dongbei", row, "extend", **fields).status_code == 302
    assert post(client, "dongbei", row, "extend", **fields).status_code == 409
    client.force_login(make.user(at=owner, role="approver"))
    page = client.get(f"/at/renhe/inbox/?open={row.pk}")
    assert [line.task.step for line in page.context["rows"]] == ["answer_extension"]
    assert post(client, "renhe", row, "extension").status_code == 422
    assert post(client, "renhe", row, "extension", agree="yes").status_code == 302
    assert post(client, "renhe", row, "extension", agree="yes").status_code == 409
    row.refresh_from_db()
    assert row.ends_at == now + 40 * HOUR
    assert TimeChange.unscoped.get().status == ChangeStatus.AGREED


@pytest.mark.parametrize(
    ("new_ends_at", "status"),
    [("", 422), ("x", 422), ("0001-01-01T00:00", 422), ("99999-01-01T00:00", 422), ("past", 422)],
)
def test_a_wrong_new_end_is_said_beside_the_field(
    client, device, borrower, now, new_ends_at, status
):
    row = loan(device, borrower, now, "approved")
    client.force_login(make.user(at=borrower, role="coordinator"))
    value = local(now - HOUR) if new_ends_at == "past" else new_ends_at
    answer = post(client, "dongbei", row, "extend", new_ends_at=value, reason="x")
    assert answer.status_code == status
    assert list(answer.context["form"].errors) == ["new_ends_at"]


def test_recall_keeps_the_promised_notice_and_early_return_needs_nobody(
    client, device, owner, borrower, now
):
    row = loan(device, borrower, now, "approved", ends_at=now + 90 * HOUR, recall_notice_hours=24)
    client.force_login(make.user(at=owner, role="approver"))
    early = post(client, "renhe", row, "recall", new_ends_at=local(now + 20 * HOUR), reason="x")
    assert (early.status_code, list(early.context["form"].errors)) == (422, ["new_ends_at"])
    in_time = post(client, "renhe", row, "recall", new_ends_at=local(now + 60 * HOUR), reason="x")
    assert in_time.status_code == 302
    client.force_login(make.user(at=borrower, role="coordinator"))
    shorter = post(
        client, "dongbei", row, "shorten", new_ends_at=local(now + 30 * HOUR), reason="y"
    )
    assert shorter.status_code == 302
    row.refresh_from_db()
    assert row.ends_at == now + 30 * HOUR


@pytest.mark.parametrize("step", STEPS_OF_OWNER + STEPS_OF_BORROWER)
def test_a_step_exists_only_for_its_side(client, device, owner, borrower, now, step):
    row = loan(device, borrower, now, "approved")
    make.time_change(row, new_ends_at=now + 99 * HOUR, by=row.created_by)
    roles = ["coordinator", "approver", "biomedical_engineer"]
    statuses = []
    for at in (owner, borrower, make.institution("xihu")):
        client.force_login(make.user(at=at, roles=roles))
        statuses.append(client.get(f"/at/{at.slug}/requests/{row.pk}/{step}/").status_code)
    assert statuses == ([200, 404, 404] if step in STEPS_OF_OWNER else [404, 200, 404])


def test_the_page_asks_the_database_as_often_for_a_long_story(client, device, owner, borrower, now):
    row = loan(device, borrower, now, "approved")
    client.force_login(make.user(at=owner, role="approver"))
    numbers = []
    for changes in (1, 29):
        for _number in range(changes):
            make.time_change(
                row,
                new_ends_at=now + 99 * HOUR,
                by=row.created_by,
                status="refused",
                decided_at=now,
            )
        client.get(f"/at/renhe/requests/{row.pk}/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/at/renhe/requests/{row.pk}/")
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]
