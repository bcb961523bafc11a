"""Several proposals answered at once: each by itself, and what is refused says why."""

from datetime import timedelta

import pytest
from django.urls import reverse

from medshare_portal.models import Notification
from scheduling.actions.rounds import answering
from scheduling.models import Proposal, SharingRequest
from tests import make
from tests.make.answers import closed

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KEY = {"idempotency_key": "a-key-of-a-form"}


def text(response) -> str:
    return closed(response).content.decode()


def at(name, institution):
    return reverse(f"scheduling:{name}", args=[institution.slug])


@pytest.fixture
def published(now):
    return make.matching_run(now=now, state="published")


@pytest.fixture
def lines(owner, borrower, published, now):
    """Three devices, each proposed for a need of its own."""
    return [_line(published, owner, borrower, now) for _number in range(3)]


def _line(run, owner, borrower, now):
    device = make.equipment(owner, last_safety_test=now.date())
    make.offer(device, now=now, intervals=[(now, now + 7 * DAY)])
    need = make.need(borrower, category=device.category, now=now)
    return make.proposal(run, need, device, now=now, state="published")


@pytest.fixture
def asker(client, borrower):
    client.force_login(make.user(at=borrower, role="coordinator"))
    return client


@pytest.fixture
def approver(client, owner):
    client.force_login(make.user(at=owner, role="approver"))
    return client


def states(lines):
    return [Proposal.unscoped.get(pk=row.pk).state for row in lines]


def test_the_list_offers_boxes_and_the_look_answers_nothing(asker, borrower, lines):
    page = text(asker.get(at("proposals", borrower)))
    assert [f'value="{row.pk}"' in page for row in lines] == [True] * 3
    look = {"pk": [row.pk for row in lines], "look": "accept"}
    shown = text(asker.post(at("proposals-answer", borrower), look | KEY))
    assert all(row.reference in shown for row in lines)
    assert "We accept the terms of the loans" in shown
    assert states(lines) == ["published"] * 3


def test_the_ticked_are_accepted_each_with_what_its_need_says(asker, borrower, lines):
    two = lines[:2]
    sent = {"pk": [row.pk for row in two], "do": "accept", "agreement_accepted": "on"}
    answer = asker.post(at("proposals-answer", borrower), sent | KEY)
    assert answer.url == at("proposals", borrower)
    assert states(lines) == ["asked", "asked", "published"]
    made = SharingRequest.unscoped.order_by("pk")
    assert [(row.resource, row.purpose) for row in made] == [
        (row.resource, row.need.justification or row.need.note or row.need.name) for row in two
    ]


def test_one_that_the_rules_refuse_stays_and_says_why_the_others_are_done(
    asker, owner, borrower, lines
):
    broken = lines[1]
    by = make.user(at=owner, role="coordinator")
    make.block(broken.resource, broken.starts_at, broken.ends_at, by=by)
    sent = {"pk": [row.pk for row in lines], "do": "accept", "agreement_accepted": "on"}
    answer = asker.post(at("proposals-answer", borrower), sent | KEY)
    assert answer.status_code == 200
    assert states(lines) == ["asked", "published", "asked"]
    page = text(answer)
    assert "1 proposal was not answered" in page
    assert broken.reference in page


def test_the_same_form_sent_twice_does_nothing_twice(asker, borrower, lines):
    sent = {"pk": [row.pk for row in lines], "do": "accept", "agreement_accepted": "on"}
    for _time in range(2):
        answer = asker.post(at("proposals-answer", borrower), sent | KEY)
        assert answer.status_code == 302
    assert SharingRequest.unscoped.count() == 3


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"do": "accept"}, "agreement_accepted"),
        ({"do": "decline"}, "reason_code"),
        ({"do": "decline", "reason_code": "own_need"}, "reason_code"),
        ({"do": "accept", "agreement_accepted": "on", "site": "999"}, "site"),
        ({"do": "explode"}, "do"),
    ],
)
def test_bad_input_answers_nothing(asker, borrower, lines, sent, wrong):
    sent = {"pk": [row.pk for row in lines]} | sent
    answer = asker.post(at("proposals-answer", borrower), sent | KEY)
    assert answer.status_code == 422
    assert wrong in answer.context["form"].errors
    assert states(lines) == ["published"] * 3


def test_what_is_another_hospitals_is_not_answered(asker, borrower, owner, lines, published, now):
    other = _line(published, owner, make.institution("other"), now)
    for ticked in ([other.pk], ["x"], [lines[0].pk, other.pk], []):
        sent = {"pk": ticked, "do": "decline", "reason_code": "too_far"}
        answer = asker.post(at("proposals-answer", borrower), sent | KEY)
        assert answer.status_code == 422
    assert states([*lines, other]) == ["published"] * 4


def test_the_owner_declines_several_with_a_reason(approver, owner, lines):
    page = text(approver.get(at("proposals", owner)))
    assert at("proposals-refuse", owner) in page
    sent = {"pk": [row.pk for row in lines[:2]], "do": "decline", "reason_code": "own_need"}
    answer = approver.post(at("proposals-refuse", owner), sent | KEY)
    assert answer.status_code == 302
    rows = Proposal.unscoped.filter(state="declined")
    assert set(rows.values_list("declined_by_side", "decline_code")) == {("owner", "own_need")}
    assert rows.count() == 2
    accept = {"pk": [lines[2].pk], "do": "accept", "agreement_accepted": "on"}
    assert approver.post(at("proposals-refuse", owner), accept | KEY).status_code == 422
    assert states(lines)[2] == "published"


def test_the_owner_approves_several_that_the_borrower_accepted(client, owner, borrower, lines):
    client.force_login(make.user(at=borrower, role="coordinator"))
    sent = {"pk": [row.pk for row in lines], "do": "accept", "agreement_accepted": "on"}
    client.post(at("proposals-answer", borrower), sent | KEY)
    client.force_login(make.user(at=owner, role="approver"))
    page = text(client.get(at("proposals", owner)))
    assert "Accepted by the borrower, waiting for our yes" in page
    asked = SharingRequest.unscoped.order_by("pk")
    ticks = [f"{row.pk}.{row.version}" for row in asked]
    assert all(f'value="{tick}"' in page for tick in ticks)
    sent = {"pk": ticks, "do": "approve", "back": ""}
    client.post(at("inbox-batch", owner), sent | {"idempotency_key": "another"})
    assert states(lines) == ["agreed"] * 3


def test_who_has_not_answered_is_reminded_once_before_the_end(lines, borrower, owner, now):
    asker = make.user(at=borrower, role="coordinator")
    early, late = now + 10 * HOUR, now + 13 * HOUR
    assert answering.remind(now=early) == 0
    for _time in range(2):
        assert answering.remind(now=late) == 3
    told = Notification.unscoped.filter(event="proposals-still-wait", user=asker)
    assert [row.context for row in told] == [{"number": 3}]
    assert answering.remind(now=now + 2 * DAY) == 0


def test_nobody_is_reminded_in_the_hours_after_publishing(lines, now):
    Proposal.unscoped.update(expires_at=now + 5 * HOUR)
    assert answering.remind(now=now + HOUR) == 0
