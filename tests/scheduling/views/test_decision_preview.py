"""What an approver sees of times that are tried out: nothing is decided by looking."""

from datetime import timedelta
from itertools import count

import pytest
from django.utils import timezone

from scheduling.models import SharingRequest
from scheduling.states import State
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
def approver(client, owner):
    person = make.user("approver.renhe", at=owner, role="approver")
    client.force_login(person)
    return person


@pytest.fixture
def device(owner):
    return offered(owner)


@pytest.fixture
def asked(device, now):
    """For tomorrow, 24 hours."""
    return ask(device, make.institution("dongbei"), now)


def offered(owner, **fields):
    device = make.equipment(owner, last_safety_test=timezone.now().date(), **fields)
    make.offer(device)
    return device


def ask(device, borrower, now, first=24, last=48):
    return make.sharing_request(
        device,
        borrower,
        starts_at=now + first * HOUR,
        ends_at=now + last * HOUR,
        due_at=now + 20 * HOUR,
        agreement_accepted_at=now,
    )


def local(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def times(decision, first, last, **more):
    ends = {f"{decision}_starts_at": local(first), f"{decision}_ends_at": local(last)}
    return {"decision": decision} | ends | more


def preview(client, row, **fields):
    return client.get(
        f"/at/renhe/requests/{row.pk}/decide/",
        fields,
        headers={"HX-Request": "true", "HX-Target": f"outcome-{row.pk}"},
    )


def check(client, row, **fields):
    key = f"preview-test-{next(_keys):05d}"
    return client.post(
        f"/at/renhe/requests/{row.pk}/decide/",
        {"do": "check", "idempotency_key": key, "version": row.version} | fields,
    )


def outcome_of(answer):
    """What the lane of the outcome says."""
    [lane] = [lane for lane in answer.context["found"].week.lanes if lane.outcome]
    return lane.name, str(lane.svg)


def test_the_outcome_follows_the_typed_times(client, approver, asked, now):
    answer = preview(client, asked, **times("part", now + 30 * HOUR, now + 40 * HOUR))
    text = answer.content.decode()
    assert text.strip().startswith(f'<div id="outcome-{asked.pk}">')
    assert "<html" not in text
    assert f'id="part-words-{asked.pk}"' in text
    name, lane = outcome_of(answer)
    assert (name, "A 10 h" in lane) == ("After this decision", True)
    assert answer.context["cards"]["part_words"] == [
        ("ok", "No clash, cleaning time kept"),
        ("partial", "A gets 10 h, asked for 24 h"),
    ]


def test_times_that_clash_are_drawn_and_say_why_not(client, approver, device, asked, now):
    make.block(device, now + 30 * HOUR, now + 34 * HOUR, by=approver)
    answer = preview(client, asked, **times("part", now + 28 * HOUR, now + 40 * HOUR))
    name, lane = outcome_of(answer)
    assert (name, "bar-late" in lane) == ("Not possible like this", True)
    statuses = [status for status, _words in answer.context["cards"]["part_words"]]
    assert statuses == ["bad"]


def test_a_counter_offer_is_judged_on_its_own_unit_and_in_its_own_week(
    client, approver, owner, device, asked, now
):
    make.block(device, now + 24 * HOUR, now + 48 * HOUR, by=approver)
    other = offered(owner, category=device.category)
    weeks_later = times("counter", now + 14 * 24 * HOUR, now + 15 * 24 * HOUR)
    answer = preview(client, asked, **weeks_later, counter_resource=other.pk, counter_units=1)
    name, lane = outcome_of(answer)
    assert (name, "A 24 h" in lane) == ("After this decision", True)
    assert answer.context["cards"]["counter_words"] == [("ok", "No clash, cleaning time kept")]
    same = times("counter", now + 24 * HOUR, now + 48 * HOUR)
    free = preview(client, asked, **same, counter_resource=other.pk)
    taken = preview(client, asked, **same, counter_resource=device.pk)
    assert outcome_of(free)[0] == "After this decision"
    assert outcome_of(taken)[0] == "Not possible like this"


def test_who_else_can_be_served_follows_too(client, approver, device, asked, now):
    ask(device, make.institution("parkside"), now, first=40, last=60)
    narrow = preview(client, asked, **times("part", now + 24 * HOUR, now + 36 * HOUR))
    wide = preview(client, asked, **times("part", now + 24 * HOUR, now + 48 * HOUR))
    served = [
        [rival.letter for rival in answer.context["found"].rivals if rival.served]
        for answer in (narrow, wide)
    ]
    assert served == [["A", "B"], ["A"]]
    declined = preview(client, asked, decision="decline")
    assert [r.letter for r in declined.context["found"].rivals if r.served] == ["B"]
    assert declined.context["advice"] == ""


@pytest.mark.parametrize(
    "fields",
    [
        {"decision": "part", "part_starts_at": "x", "part_ends_at": ""},
        {"decision": "part", "part_starts_at": "2030-01-02T00:00", "part_ends_at": "2030-01-01T00:00"},
        {"decision": "counter", "counter_resource": "999999"},
        {"decision": "nonsense"},
        {},
    ],
)  # fmt: skip
def test_wrong_times_are_said_and_the_suggestion_stays(client, approver, asked, fields):
    answer = preview(client, asked, **fields)
    assert answer.status_code == 200
    assert answer.context["found"].tried is None
    if fields.get("decision") == "part":
        assert 'class="verdict t-bad"' in answer.content.decode()


def test_without_script_a_button_checks_and_keeps_what_was_typed(client, approver, asked, now):
    wish = times("part", now + 30 * HOUR, now + 40 * HOUR, text="Call us first")
    answer = check(client, asked, **wish)
    assert answer.status_code == 200
    assert "A 10 h" in outcome_of(answer)[1]
    form = answer.context["form"]
    assert (form["text"].value(), form["version"].value()) == ("Call us first", str(asked.version))
    assert "Check these times" in answer.content.decode()
    assert check(client, asked, decision="part", part_starts_at="x").status_code == 422
    stored = SharingRequest.unscoped.get(pk=asked.pk)
    assert (stored.state, stored.version) == (State.REQUESTED, asked.version)


def test_a_preview_is_only_for_the_owners_approver(client, owner, asked, now):
    statuses = []
    for at, role in ((owner, "viewer"), (asked.borrower, "approver")):
        client.force_login(make.user(at=at, role=role))
        wish = times("part", now + 30 * HOUR, now + 40 * HOUR)
        answer = client.get(f"/at/{at.slug}/requests/{asked.pk}/decide/", wish)
        statuses.append(answer.status_code)
    assert statuses == [403, 404]
