"""“Pass it to a colleague” from the page of a step at the device."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from medshare_portal.models import AuditEvent, Notification
from medshare_portal.notices import registry, render
from scheduling.models import SharingRequest
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def booked():
    owner, borrower = make.institution("owner"), make.institution("borrower")
    return make.sharing_request(make.equipment(owner), borrower, state="approved")


@pytest.fixture
def people(booked):
    return {
        "giver": make.user("giver", at=booked.owner, role="coordinator"),
        "colleague": make.user("colleague", at=booked.owner, role="biomedical_engineer"),
        "viewer": make.user("viewer", at=booked.owner, role="viewer"),
        "theirs": make.user("theirs", at=booked.borrower, role="coordinator"),
    }


def post(client, booked, person, to, at="owner"):
    client.force_login(person)
    address = reverse("scheduling:request-pass-on", args=[at, booked.pk])
    return client.post(address, {"colleague": to, "idempotency_key": uuid4().hex})


def test_the_colleague_gets_the_page_of_the_step_that_is_due(client, booked, people):
    client.force_login(people["giver"])
    page = client.get(reverse("scheduling:handover", args=["owner", booked.pk]))
    assert reverse("scheduling:request-pass-on", args=["owner", booked.pk]) in page.text
    assert post(client, booked, people["giver"], people["colleague"].pk).status_code == 302
    told = Notification.unscoped.get(event="step-passed-on")
    assert told.user == people["colleague"]
    assert render(told)["url"] == f"/at/owner/requests/{booked.pk}/handover/"
    assert registry[told.event].still_relevant(told)
    SharingRequest.unscoped.filter(pk=booked.pk).update(state="no_show", ended_at=timezone.now())
    assert not registry[told.event].still_relevant(told)
    trail = AuditEvent.unscoped.get(action="request.pass_on")
    assert (trail.chain, trail.data["given_to"]) == ("owner", str(people["colleague"]))


@pytest.mark.parametrize("wrong", ["viewer", "theirs", "giver", "", "x", "99999999999999999999"])
def test_only_a_colleague_who_may_take_the_step_is_told(client, booked, people, wrong):
    to = people[wrong].pk if wrong in people else wrong
    answer = post(client, booked, people["giver"], to)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["colleague"])
    assert not Notification.unscoped.filter(event="step-passed-on").exists()


def test_nothing_is_passed_on_where_nothing_is_due_or_by_who_may_not(client, booked, people):
    assert post(client, booked, people["viewer"], people["colleague"].pk).status_code == 403
    asked = make.sharing_request(make.equipment(booked.owner), booked.borrower)
    assert post(client, asked, people["giver"], people["colleague"].pk).status_code == 422
    stranger = make.user("stranger", at=make.institution("third"), role="coordinator")
    assert post(client, booked, stranger, people["colleague"].pk, at="third").status_code == 404
