"""The link of an e-mail: shown to the person of the link, acting on its POST alone, once."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from medshare_portal import jobs
from scheduling import answer_links
from scheduling.actions import changes
from scheduling.actions import requests as asking
from scheduling.kinds.staff.links import token_for
from scheduling.models import SharingRequest
from scheduling.states import State
from tests import make
from tests.scheduling.actions.loan import ask

pytestmark = pytest.mark.django_db
YES = {"idempotency_key": "the-confirm-button", "answer": "yes"}
PAGE = re.compile(r"https?://[^/\s]+(/at/owner/requests/[0-9]+/extension/)")
LINK = re.compile(r"https?://[^/\s]+(/answer/\S+)")


class Desk:
    def __init__(self):
        self.now = timezone.now().replace(minute=0, second=0, microsecond=0)
        self.owner, self.borrower = make.institution("owner"), make.institution("borrower")
        self.resource = make.equipment(self.owner, last_safety_test=self.now.date())
        make.offer(self.resource, now=self.now)
        self.asker = make.user("asker", at=self.borrower, role="coordinator")
        self.approver = make.user("approver", at=self.owner, role="approver")
        self.request = ask(self, self.now)

    def path(self, user=None):
        return answer_links.path_for("approve", self.request, (user or self.approver).pk)

    def state(self):
        return SharingRequest.unscoped.get(pk=self.request.pk).state


@pytest.fixture
def desk():
    return Desk()


def opened(client, user, path):
    client.force_login(user)
    return client.get(path, follow=True)


def links_mailed_to(user):
    jobs.registry["mail"].run(timezone.now())
    letters = [letter for letter in mail.outbox if letter.to == [user.email]]
    return [found for letter in letters for found in LINK.findall(letter.body)]


def test_the_mail_leads_to_a_page_that_asks_and_then_approves_once(desk, client):
    (path,) = links_mailed_to(desk.approver)
    page = opened(client, desk.approver, path)
    assert page.redirect_chain == [("/answer/", 302)]
    assert "Approve this request?" in page.text
    assert desk.request.reference in page.text
    assert desk.state() == State.REQUESTED
    for _double_click in range(2):
        assert client.post("/answer/", YES).status_code == 302
    assert desk.state() == State.APPROVED
    again = client.get(path, follow=True)
    assert (again.status_code, "Nothing was done." in again.text) == (409, True)
    late = client.post("/answer/", YES | {"idempotency_key": "a-second-time"})
    assert (late.status_code, "Nothing was done." in late.text) == (412, True)


def test_the_deputys_mail_has_a_link_of_its_own(desk, client):
    deputy = make.user("deputy", at=desk.owner, role="viewer")
    make.absence(desk.approver, deputy, at=desk.owner)
    page = opened(client, deputy, desk.path(deputy))
    assert "Approve this request?" in page.text
    assert client.post("/answer/", YES).status_code == 302
    assert desk.request.transitions.latest("pk").data["deputy_for"] == "Approver"


def test_a_mail_about_more_time_leads_to_its_page_which_acts_by_its_form_only(desk, client):
    lent = {"state": "underway", "by": desk.asker, "agreement_accepted_at": desk.now}
    row = make.sharing_request(desk.resource, desk.borrower, **lent)
    longer = row.ends_at + timedelta(hours=2)
    change = changes.ask_extension(
        sharing_request=row, new_ends_at=longer, reason="Not yet", by=desk.asker, now=desk.now
    )
    (path,) = pages_mailed_to(desk.approver)
    assert path == f"/at/owner/requests/{row.pk}/extension/"
    page = opened(client, desk.approver, path)
    assert (page.status_code, page.context["change"]) == (200, change)
    client.post(path, {"agree": "yes", "answer": "", "idempotency_key": "agree-to-more-time"})
    change.refresh_from_db()
    assert change.status == "agreed"
    again = client.get(path)
    assert (again.status_code, again["Location"]) == (302, f"/at/owner/requests/{row.pk}/")


def pages_mailed_to(user):
    jobs.registry["mail"].run(timezone.now())
    letters = [letter for letter in mail.outbox if letter.to == [user.email]]
    return [found for letter in letters for found in PAGE.findall(letter.body)]


def test_scanners_of_mail_change_nothing_and_leave_nothing(desk, client):
    for method in (client.get, client.head):
        response = method(desk.path())
        assert (response.status_code, response["Location"]) == (302, "/answer/")
        assert response["Referrer-Policy"] == "no-referrer"
    assert client.post(desk.path(), YES).status_code == 405
    answer = client.get("/answer/")
    assert (answer.status_code, answer["Location"]) == (302, "/account/sign-in/?next=/answer/")
    assert client.post("/answer/", YES).status_code == 302
    assert desk.state() == State.REQUESTED


def test_after_signing_in_the_page_is_there_and_no_address_has_the_token(desk, caplog):
    client, path = Client(), desk.path()
    token = path.split("/")[2]
    client.get(path)
    client.post(
        "/account/sign-in/?next=/answer/", {"username": "approver", "password": make.PASSWORD}
    )
    page = client.get("/answer/")
    assert (page.status_code, token in page.text, token in caplog.text) == (200, False, False)


@pytest.mark.parametrize("change", [lambda t: t[:-3], lambda t: f"x{t}", lambda t: "nonsense"])
def test_a_forged_or_cut_link_opens_nothing(desk, client, change):
    client.force_login(desk.approver)
    token = desk.path().split("/")[2]
    response = client.get(f"/answer/{change(token)}/")
    assert (response.status_code, "does not open anything" in response.text) == (404, True)
    assert client.get("/answer/").status_code == 404
    assert client.post("/answer/", YES).status_code == 404


def test_a_link_of_another_purpose_opens_nothing(desk, client):
    assert client.get(f"/answer/{token_for(desk.request)}/").status_code == 404


def test_an_expired_link_says_so(desk, client, monkeypatch):
    path = desk.path()
    client.force_login(desk.approver)
    later = timezone.now().timestamp() + 73 * 3600
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    response = client.get(path)
    assert (response.status_code, "time of this link is over" in response.text) == (410, True)


@pytest.mark.parametrize("who", ["colleague", "asker", "stranger"])
def test_somebody_else_cannot_use_it(desk, client, who):
    people = {"asker": desk.asker, "colleague": make.user(at=desk.owner, role="approver")}
    person = people.get(who) or make.user(at=make.institution("third"), role="approver")
    page = opened(client, person, desk.path())
    assert (page.status_code, "sent to somebody else" in page.text) == (403, True)
    assert client.post("/answer/", YES).status_code == 403
    assert desk.state() == State.REQUESTED


def test_who_has_lost_the_role_approves_nothing(desk, client):
    opened(client, desk.approver, desk.path())
    desk.approver.groups.set([make.grant(desk.approver, "viewer", at=desk.owner).group])
    said = client.post("/answer/", YES)
    assert (said.status_code, "no longer do" in said.text) == (403, True)
    desk.approver.groups.clear()
    assert client.post("/answer/", YES).status_code == 404
    assert desk.state() == State.REQUESTED


def test_what_changed_in_the_meantime_is_not_approved(desk, client):
    opened(client, desk.approver, desk.path())
    asking.withdraw(sharing_request=desk.request, by=desk.asker, now=desk.now)
    assert client.post("/answer/", YES).status_code == 412
    assert desk.state() == State.WITHDRAWN


def test_the_page_is_in_chinese_too(desk, client):
    desk.approver.language = "zh-hans"
    desk.approver.save()
    assert "批准" in opened(client, desk.approver, desk.path()).text
