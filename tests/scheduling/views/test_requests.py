"""The page of a request, and the steps that end it or change its times."""

from datetime import timedelta
from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from scheduling.actions.handovers import HandoverRecord, NotBackYet, give
from scheduling.models import TimeChange
from scheduling.states import ChangeStatus, Stage, State
from tests import make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
_keys = count(1)


@pytest.fixture
def now():
    return timezone.now().replace(minute=0, second=0, microsecond=0)


@pytest.fixture
def owner(db):
    return make.institution("renhe")


@pytest.fixture
def borrower(db):
    return make.institution("dongbei")


@pytest.fixture
def device(owner):
    device = make.equipment(owner, last_safety_test=timezone.now().date())
    make.offer(device)
    return device


def loan(device, borrower, now, state, **fields):
    fields = {"starts_at": now + 24 * HOUR, "agreement_accepted_at": now} | fields
    return make.sharing_request(device, borrower, state=state, **fields)


def post(client, slug, row, step, **fields):
    return client.post(
        f"/at/{slug}/requests/{row.pk}/{step}/",
        {"idempotency_key": f"request-test-{next(_keys):05d}"} | fields,
    )


def local(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def reasons(page):
    """Why each grey button is grey, in English."""
    with translation.override("en"):
        return {step.name: str(step.why) for step in page.context["greyed"]}


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


STEPS_OF_OWNER = [
    "decide",
    "approve",
    "decline",
    "extension",
    "recall",
    "no-show",
    "handover",
    "post-check",
]
STEPS_OF_BORROWER = ["withdraw", "accept-counter", "refuse-counter", "extend", "shorten", "return"]


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


def recalled(device, borrower, now, **changes):
    row = loan(device, borrower, now, "approved", ends_at=now + 48 * HOUR)
    fields = {"kind": "recall", "new_ends_at": row.ends_at, "old_ends_at": now + 60 * HOUR}
    fields |= {"status": "agreed", "decided_at": now, "due_at": None, "by": row.created_by}
    make.time_change(row, **fields | changes)
    return row


def test_after_a_recall_the_borrower_is_offered_other_units_for_the_rest(
    client, device, owner, borrower, now
):
    row = recalled(device, borrower, now)
    spare = make.equipment(make.institution("xihu"), code="SPARE", last_safety_test=now.date())
    make.offer(spare)
    client.force_login(make.user(at=borrower, role="coordinator"))
    lost = client.get(f"/at/dongbei/requests/{row.pk}/").context["lost"]
    [line] = lost["rows"]
    assert (line["code"], line["status"], line["verdict"]) == ("SPARE", "ok", "Passes every check")
    asked = client.get(line["url"]).context["form"]
    assert asked["starts_at"].initial == now + 48 * HOUR
    assert asked["ends_at"].initial == now + 60 * HOUR
    assert client.get(lost["find_url"]).context["result"].fully_free == 2  # with the recalled unit
    client.force_login(make.user(at=owner, role="approver"))
    assert client.get(f"/at/renhe/requests/{row.pk}/").context["lost"] is None


def test_where_nothing_is_free_for_the_rest_the_page_says_so(client, device, borrower, now):
    row = recalled(device, borrower, now)
    client.force_login(make.user(at=borrower, role="coordinator"))
    page = client.get(f"/at/dongbei/requests/{row.pk}/")
    assert page.context["lost"]["rows"] == []
    assert "At present no unit of this sort is free for it." in page.content.decode()


def test_who_may_not_ask_is_offered_nothing(client, device, borrower, now):
    row = recalled(device, borrower, now)
    client.force_login(make.user(at=borrower, role="viewer"))
    assert client.get(f"/at/dongbei/requests/{row.pk}/").context["lost"] is None


def test_a_booking_whose_device_is_not_back_says_so_and_is_not_handed_over(client):
    now = timezone.now()
    owner, first, second = (make.institution(name) for name in ("owner", "first", "second"))
    device = make.equipment(owner, last_safety_test=now.date())
    make.offer(device)
    hour = timedelta(hours=1)
    late = {"starts_at": now - 30 * hour, "ends_at": now - 2 * hour}
    make.sharing_request(device, first, state="underway", **late)
    next_one = {"starts_at": now + hour, "ends_at": now + 9 * hour}
    booking = make.sharing_request(device, second, state="approved", **next_one)
    asker, lender = (
        make.user(at=second, role="coordinator"),
        make.user(at=owner, role="coordinator"),
    )
    with translation.override("en"):
        client.force_login(asker)
        page = client.get(f"/at/second/requests/{booking.pk}/").content.decode()
        assert "At risk: the device is not back yet" in page
    with pytest.raises(NotBackYet):
        give(
            sharing_request=booking,
            stage=Stage.HANDOVER,
            record=HandoverRecord(),
            by=lender,
            institution=owner,
            now=now,
        )
