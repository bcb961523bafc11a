"""A decision from a page that is no longer true (GEN-07, GEN-08): nothing changes, it is said."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from scheduling.models import TransitionLog
from tests import make

pytestmark = pytest.mark.django_db
DECLINE = {"decision": "decline", "reason_code": "own_need"}


@pytest.fixture
def asked():
    device = make.equipment(make.institution("owner"), last_safety_test=timezone.now().date())
    make.offer(device)
    borrower = make.institution("borrower")
    return make.sharing_request(device, borrower, agreement_accepted_at=timezone.now())


@pytest.fixture
def approver(client, asked):
    person = make.user("approver", at=asked.owner, role="approver")
    client.force_login(person)
    return person


def address(asked):
    return reverse("scheduling:request-decide", args=["owner", asked.pk])


def key(letter):
    return {"idempotency_key": letter * 16}


def test_a_second_decision_names_the_state_and_says_that_nothing_was_decided(
    client, asked, approver
):
    seen = {"version": asked.version}
    approved = client.post(address(asked), {"decision": "approve", **seen, **key("a")})
    assert approved.status_code == 302
    late = client.post(address(asked), {**DECLINE, **seen, **key("b")})
    assert late.status_code == 412
    body = late.content.decode()
    assert "Nothing was decided" in body
    assert "Somebody changed this record in the meantime." in body
    assert "This request no longer waits for a decision:" in body
    steps = TransitionLog.objects.of(asked).order_by("pk").values_list("transition", flat=True)
    assert list(steps) == ["ask", "approve"]


def test_a_request_that_changed_but_still_waits_is_shown_anew_with_its_new_version(
    client, asked, approver
):
    type(asked).unscoped.filter(pk=asked.pk).update(version=7)
    late = client.post(address(asked), {**DECLINE, "version": 1, **key("c")})
    body = late.content.decode()
    assert late.status_code == 412
    assert "Somebody changed this record in the meantime." in body
    assert re.search(r'name="version" value="7"', body)
    again = client.post(address(asked), {**DECLINE, "version": 7, **key("d")})
    assert again.status_code == 302
    asked.refresh_from_db()
    assert asked.state == "declined"


def test_a_refusal_of_the_rules_stays_beside_the_decision(client, asked, approver):
    make.block(asked.resource, asked.starts_at, asked.ends_at, by=approver)
    refused = client.post(
        address(asked), {"decision": "approve", "version": asked.version, **key("e")}
    )
    assert refused.status_code == 409
    assert "Nothing was decided" in refused.content.decode()
    asked.refresh_from_db()
    assert asked.state == "requested"
