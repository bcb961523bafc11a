"""What the page of an e-mail's link shows and does: findings, competitors, yes and no, deputies."""

import re

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from medshare_portal import jobs
from resources.models import Equipment
from scheduling import answer_links
from scheduling.actions import clocks, decisions
from scheduling.models import SharingRequest
from scheduling.states import State
from tests import make
from tests.scheduling.actions.loan import HOUR, ask

pytestmark = pytest.mark.django_db
YES = {"idempotency_key": "the-confirm-button", "answer": "yes"}
NO = {"idempotency_key": "the-other-button", "answer": "no"}
LINK = re.compile(r"https?://[^/\s]+(/answer/\S+)")


class Desk:
    def __init__(self):
        self.now = timezone.now().replace(minute=0, second=0, microsecond=0)
        self.owner, self.borrower = make.institution("owner"), make.institution("borrower")
        self.resource = make.equipment(self.owner, last_safety_test=self.now.date())
        make.offer(self.resource, now=self.now)
        self.asker = make.user("asker", at=self.borrower, role="coordinator")
        self.approver = make.user("approver", at=self.owner, role="approver")

    def row(self, request):
        return SharingRequest.unscoped.get(pk=request.pk)

    def counter(self, request):
        return decisions.counter(
            sharing_request=request, by=self.approver, now=self.now, units=1,
            starts_at=request.starts_at + HOUR, ends_at=request.ends_at + HOUR,
        )  # fmt: skip


@pytest.fixture
def desk():
    return Desk()


def mailed(person):
    """The addresses of the pages that this person's e-mails lead to."""
    jobs.registry["mail"].run(timezone.now())
    letters = [letter.body for letter in mail.outbox if letter.to == [person.email]]
    return [found for body in letters for found in LINK.findall(body)]


def opened(client, person, path):
    client.force_login(person)
    return client.get(path, follow=True)


def link(step, request, person):
    return answer_links.path_for(step, request, person.pk)


def test_from_the_absence_to_the_deputys_approval_by_the_mails_link(desk, client):
    """Entered on the form, told to both, asked meanwhile, mailed to the deputy, approved."""
    deputy = make.user("deputy", at=desk.owner, role="viewer")
    today = timezone.localdate()
    client.force_login(desk.approver)
    days = {"from_day": today.isoformat(), "until_day": today.isoformat()}
    entered = client.post(
        reverse("portal:absence-enter", args=["owner"]),
        days | {"deputy": deputy.pk, "idempotency_key": "i-am-away"},
    )
    assert entered.status_code == 302
    request = ask(desk, desk.now)
    (path,) = mailed(deputy)
    page = opened(client, deputy, path)
    assert "You decide as deputy for Approver." in page.text
    assert client.post("/answer/", YES).status_code == 302
    assert desk.row(request).state == State.APPROVED
    step = request.transitions.latest("pk")
    assert (step.by, step.data["deputy_for"]) == (deputy, "Approver")


def test_when_the_absence_is_over_the_link_of_the_deputy_says_so(desk, client):
    deputy = make.user("deputy", at=desk.owner, role="viewer")
    absence = make.absence(desk.approver, deputy, at=desk.owner)
    request = ask(desk, desk.now)
    opened(client, deputy, link("approve", request, deputy))
    absence.ends_at = absence.starts_at
    absence.save()
    for answer in (client.get("/answer/"), client.post("/answer/", YES)):
        assert (answer.status_code, "or no longer do" in answer.text) == (403, True)
    assert desk.row(request).state == State.REQUESTED


def test_only_who_may_decide_gets_a_link_with_the_reminder(desk):
    request = ask(desk, desk.now)
    head = make.user("head", at=desk.owner, role="head")
    viewer = make.user("viewer", at=desk.owner, role="viewer")
    make.absence(head, viewer, at=desk.owner)
    SharingRequest.unscoped.filter(pk=request.pk).update(due_at=desk.now - 400 * HOUR)
    clocks.escalate(now=desk.now)
    # What was asked, and of the rungs that were due together the highest that tells the approver.
    assert [len(mailed(person)) for person in (desk.approver, head, viewer)] == [2, 0, 0]
    assert any("over" in letter.subject for letter in mail.outbox if letter.to == [head.email])


def test_a_no_asks_why_and_tells_them(desk, client):
    request = ask(desk, desk.now)
    opened(client, desk.approver, link("approve", request, desk.approver))
    unsaid = client.post("/answer/", NO)
    assert (unsaid.status_code, "This field is required." in unsaid.text) == (422, True)
    forged = client.post("/answer/", NO | {"reason_code": "because"})
    assert (forged.status_code, desk.row(request).state) == (422, State.REQUESTED)
    said = NO | {"reason_code": "own_need", "text": "Full house."}
    assert client.post("/answer/", said).status_code == 302
    row = desk.row(request)
    assert (row.state, row.decision_code, row.decision_text) == (
        State.DECLINED, "own_need", "Full house.",
    )  # fmt: skip


@pytest.mark.parametrize("answer", [{}, {"answer": ""}, {"answer": "part"}])
def test_neither_yes_nor_no_decides_nothing(desk, client, answer):
    request = ask(desk, desk.now)
    opened(client, desk.approver, link("approve", request, desk.approver))
    sent = client.post("/answer/", {"idempotency_key": "neither"} | answer)
    assert (sent.status_code, desk.row(request).state) == (422, State.REQUESTED)


def test_a_warning_is_shown_and_passed_with_its_reason(desk, client):
    request = ask(desk, desk.now)
    Equipment.unscoped.filter(resource=desk.resource).update(
        status="degraded", status_note="no battery"
    )
    page = opened(client, desk.approver, link("approve", request, desk.approver))
    (name,) = set(re.findall(r'name="(accepted_[^"]+)"', page.text))
    unsaid = client.post("/answer/", YES)
    assert (unsaid.status_code, "Give a reason for each warning" in unsaid.text) == (422, True)
    assert client.post("/answer/", YES | {name: "A spare one goes along."}).status_code == 302
    assert desk.row(request).state == State.APPROVED


def test_what_stands_in_the_way_is_said_and_no_yes_is_offered(desk, client):
    request = ask(desk, desk.now)
    make.block(
        desk.resource, starts_at=request.starts_at, ends_at=request.ends_at, by=desk.approver
    )
    page = opened(client, desk.approver, link("approve", request, desk.approver))
    assert "not possible now" in page.text
    assert 'value="yes"' not in page.text
    assert client.post("/answer/", YES).status_code == 409
    assert desk.row(request).state == State.REQUESTED


def test_those_who_lose_by_it_are_named_before(desk, client):
    rival = make.institution("parkside", name_en="Parkside Children")
    request = ask(desk, desk.now)
    other = make.sharing_request(
        desk.resource, rival, starts_at=request.starts_at, ends_at=request.ends_at
    )
    page = opened(client, desk.approver, link("approve", request, desk.approver))
    assert "Approving this declines Parkside Children and tells them why." in page.text
    client.post("/answer/", YES)
    assert [desk.row(row).state for row in (request, other)] == [State.APPROVED, State.DECLINED]


@pytest.mark.parametrize(("sent", "state"), [(YES, State.APPROVED), (NO, State.WITHDRAWN)])
def test_a_counter_offer_is_accepted_or_refused_by_its_link(desk, client, sent, state):
    request = desk.counter(ask(desk, desk.now))
    (path,) = mailed(desk.asker)
    page = opened(client, desk.asker, path)
    assert "Accept this counter-offer?" in page.text
    assert "They offer" in page.text
    assert client.post("/answer/", sent).status_code == 302
    assert desk.row(request).state == state
