"""The inbox, the decision and the batch."""

from datetime import timedelta
from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from resources.models import Equipment
from scheduling.states import State
from tests import make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
_keys = count(1)


def key():
    return f"inbox-test-{next(_keys):06d}"


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
def approver(owner):
    return make.user("approver.renhe", at=owner, role="approver")


@pytest.fixture
def device(owner):
    return offered(owner)


def offered(owner, **technical):
    device = make.equipment(owner, last_safety_test=timezone.now().date())
    if technical:
        Equipment.unscoped.filter(resource=device).update(**technical)
    make.offer(device)
    return device


def ask(device, borrower, now, *, due=48, **fields):
    fields = {"starts_at": now + 24 * HOUR, "agreement_accepted_at": now} | fields
    return make.sharing_request(device, borrower, due_at=now + due * HOUR, **fields)


def decide(client, row, *, at="renhe", **fields):
    return client.post(
        f"/at/{at}/requests/{row.pk}/decide/",
        {"idempotency_key": key(), "version": row.version} | fields,
    )


def test_the_inbox_lists_what_waits_by_time_left(client, approver, owner, borrower, now):
    late, soon = (ask(offered(owner), borrower, now, due=hours) for hours in (40, 3))
    client.force_login(approver)
    answer = client.get("/at/renhe/inbox/")
    assert [row.task.request.pk for row in answer.context["rows"]] == [soon.pk, late.pk]
    assert answer.context["counts"] == {"waiting": 2, "asked": 0, "done": 0}
    assert [row.words for row in answer.context["rows"]] == ["All checks pass"] * 2
    assert [answer.text.count(f"{row.reference} · ") for row in (soon, late)] == [1, 1]


def test_each_role_sees_what_it_may_answer(client, owner, borrower, device, now):
    ask(device, borrower, now)
    lent = offered(owner)
    ask(lent, borrower, now, state="finished", starts_at=now - 9 * HOUR, ends_at=now - HOUR)
    theirs = offered(borrower)
    ask(theirs, owner, now, state="countered")
    seen = {}
    for role in ("approver", "coordinator", "biomedical_engineer", "viewer"):
        client.force_login(make.user(at=owner, role=role))
        answer = client.get("/at/renhe/inbox/")
        seen[role] = [row.task.step for row in answer.context["rows"]]
    assert seen == {
        "approver": ["decide"],
        "coordinator": ["answer_counter"],
        "biomedical_engineer": ["post_check"],
        "viewer": [],
    }


def test_a_row_opens_in_place_and_htmx_gets_only_that_row(client, approver, borrower, device, now):
    row = ask(device, borrower, now)
    client.force_login(approver)
    page = client.get(f"/at/renhe/inbox/?open={row.pk}")
    assert page.templates[0].name == "scheduling/inbox/inbox.html"
    assert page.context["opened"]["form"].initial["decision"] == "approve"
    part = client.get(
        f"/at/renhe/inbox/?open={row.pk}",
        headers={"HX-Request": "true", "HX-Target": f"row-{row.pk}"},
    )
    text = part.content.decode()
    assert text.strip().startswith(f'<li id="row-{row.pk}" data-open')
    assert "<html" not in text


def test_malformed_numbers_in_the_address_open_nothing(client, approver, borrower, device, now):
    ask(device, borrower, now)
    client.force_login(approver)
    for query in ("open=x", "open=" + "9" * 400, "page=99999999", "tab=%00", "open=-1"):
        answer = client.get(f"/at/renhe/inbox/?{query}")
        assert answer.status_code == (404 if query.startswith("page") else 200)
        assert answer.context["opened"] is None


def test_approving_all_books_it_and_declines_the_rival_by_name(
    client, approver, borrower, device, now
):
    winner = ask(device, borrower, now)
    rival = ask(device, make.institution("parkside"), now)
    client.force_login(approver)
    answer = decide(client, winner, decision="approve", text="Welcome")
    assert (answer.status_code, answer["Location"]) == (302, "/at/renhe/inbox/")
    winner.refresh_from_db()
    rival.refresh_from_db()
    assert (winner.state, winner.decision_text) == (State.APPROVED, "Welcome")
    assert (rival.state, rival.decision_code) == (State.DECLINED, "other_won")


def test_a_block_refuses_the_whole_and_lets_a_part_pass(client, approver, borrower, device, now):
    row = ask(device, borrower, now, ends_at=now + 48 * HOUR)
    make.block(device, now + 30 * HOUR, now + 34 * HOUR, by=approver)
    client.force_login(approver)
    page = client.get(f"/at/renhe/inbox/?open={row.pk}")
    assert page.context["opened"]["found"].part == (now + 34 * HOUR, now + 48 * HOUR)
    assert page.context["rows"][0].status == "bad"
    answer = decide(client, row, decision="approve")
    row.refresh_from_db()
    assert (answer.status_code, row.state) == (409, State.REQUESTED)
    local = lambda moment: timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")  # noqa: E731
    answer = decide(
        client,
        row,
        decision="part",
        part_starts_at=local(now + 34 * HOUR),
        part_ends_at=local(now + 48 * HOUR),
    )
    row.refresh_from_db()
    assert (answer.status_code, row.state) == (302, State.APPROVED)
    assert (row.starts_at, row.asked_starts_at) == (now + 34 * HOUR, now + 24 * HOUR)


def test_a_warning_is_passed_only_with_a_reason(client, approver, owner, borrower, now):
    device = offered(owner, status="degraded", status_note="no battery")
    row = ask(device, borrower, now)
    client.force_login(approver)
    assert decide(client, row, decision="approve").status_code == 422
    answer = decide(client, row, **{"decision": "approve", "accepted_EQ-01": "Mains only there"})
    row.refresh_from_db()
    assert (answer.status_code, row.state) == (302, State.APPROVED)
    assert [entry["reason"] for entry in row.accepted_findings] == ["Mains only there"]


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"decision": "decline"}, "reason_code"),
        ({"decision": "part"}, "part_starts_at"),
        ({"decision": "counter"}, "counter_starts_at"),
        ({"decision": "part", "part_starts_at": "0000-00-00T00:00"}, "part_starts_at"),
        ({"decision": "part", "part_starts_at": "99999-01-01T00:00"}, "part_starts_at"),
        ({"decision": "decline", "reason_code": "nonsense"}, "reason_code"),
        ({"decision": "approve", "text": "a\x00b"}, "text"),
        ({"decision": "nonsense"}, "decision"),
    ],
)
def test_a_decision_that_lacks_something_says_so_beside_the_field(
    client, approver, borrower, device, now, fields, name
):
    row = ask(device, borrower, now)
    client.force_login(approver)
    answer = decide(client, row, **fields)
    assert answer.status_code == 422
    assert name in answer.context["form"].errors
    row.refresh_from_db()
    assert row.state == State.REQUESTED


def test_a_changed_record_is_shown_and_the_next_form_fits_it(
    client, approver, borrower, device, now
):
    row = ask(device, borrower, now, version=3)
    client.force_login(approver)
    answer = decide(client, row, decision="approve", version=2)
    assert answer.status_code == 412
    assert answer.context["form"]["version"].value() == "3"


def test_a_decided_request_is_not_decided_again(client, approver, borrower, device, now):
    row = ask(device, borrower, now, state="declined")
    client.force_login(approver)
    answer = decide(client, row, decision="approve")
    assert answer.status_code == 409
    assert "no longer waits" in answer.content.decode()


def test_the_same_form_twice_is_one_decision(client, approver, borrower, device, now):
    row = ask(device, borrower, now)
    client.force_login(approver)
    same = {"decision": "decline", "reason_code": "own_need", "idempotency_key": key()}
    answers = [decide(client, row, **same) for _again in range(2)]
    assert [(a.status_code, a["Location"]) for a in answers] == [(302, "/at/renhe/inbox/")] * 2
    row.refresh_from_db()
    assert (row.state, row.version) == (State.DECLINED, 2)


def test_only_the_owners_approver_decides(client, owner, borrower, device, now):
    row = ask(device, borrower, now)
    statuses = {}
    for name, at, role in (
        ("owner's coordinator", owner, "coordinator"),
        ("borrower's approver", borrower, "approver"),
        ("stranger's approver", make.institution("xihu"), "approver"),
    ):
        client.force_login(make.user(at=at, role=role))
        statuses[name] = decide(client, row, at=at.slug, decision="approve").status_code
    assert statuses == {
        "owner's coordinator": 403,
        "borrower's approver": 404,
        "stranger's approver": 404,
    }


def test_the_counter_offer_is_answered_by_the_borrower(client, owner, borrower, device, now):
    row = ask(device, borrower, now, state="countered")
    other = ask(offered(owner), borrower, now, state="countered")
    client.force_login(make.user(at=borrower, role="coordinator"))
    page = client.get(f"/at/dongbei/inbox/?open={row.pk}")
    assert page.status_code == 200
    for pk, step in ((row.pk, "accept"), (other.pk, "refuse")):
        answer = client.post(
            f"/at/dongbei/requests/{pk}/{step}-counter/", {"idempotency_key": key()}
        )
        assert answer["Location"] == f"/at/dongbei/requests/{pk}/"
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.state, other.state) == (State.APPROVED, State.WITHDRAWN)


@pytest.mark.parametrize("query", ["", "?tab=asked", "?tab=done"])
def test_the_inbox_asks_the_database_as_often_for_30_rows_as_for_one(
    client, approver, owner, now, query
):
    client.force_login(approver)
    numbers = []
    for rows in (1, 29):
        for _number in range(rows):
            other = make.institution()
            ask(offered(owner), other, now)
            ask(offered(owner), other, now, state="declined")
            ask(offered(other), owner, now)
        client.get(f"/at/renhe/inbox/{query}")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/at/renhe/inbox/{query}").status_code == 200
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]
    assert numbers[0] <= 32
