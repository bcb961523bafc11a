"""The owner approves with an end and a count, returns with the difference shown, or declines."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from medshare_portal.models import Notification
from scheduling.actions._lock import NotYours
from scheduling.actions._rules import RulesBlock
from scheduling.actions.decisions import FourEyes
from scheduling.kinds.information.actions import asking, deciding, ending, looking
from scheduling.kinds.information.forms.access import end_of
from scheduling.models import AccessGrant, SharingRequest, TransitionLog
from scheduling.queries.open_request import AskedAlready
from tests import make
from tests.scheduling.information.conftest import HOME, signed_in, wanted

pytestmark = pytest.mark.django_db
KEY = {"idempotency_key": "a-key-of-a-form-0001"}


def page(name, institution, pk):
    return reverse(f"scheduling:{name}", args=[institution.slug, pk])


def told(user) -> list[str]:
    return sorted(Notification.unscoped.filter(user=user).values_list("event", flat=True))


def test_the_steward_is_told_and_approves_less_than_was_asked(ask, owner, steward, clinician, now):
    request = ask(looks=3)
    assert told(steward) == ["request-asked"]
    client = signed_in(steward)
    url = page("information-decide", owner, request.pk)
    day = (now + timedelta(days=2)).date().isoformat()
    form = {"decision": "approve", "until": day, "looks": "2", "version": request.version}
    assert client.get(url).status_code == 200
    assert client.post(url, form | KEY).status_code == 302
    request.refresh_from_db()
    grant = AccessGrant.objects.of(request).get()
    assert (request.state, request.quantity, request.asked_quantity) == ("approved", 2, 3)
    assert now < grant.valid_until < grant.asked_until
    assert told(clinician) == ["request-approved"]


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"decision": "approve", "until": "", "looks": "1"}, "until"),
        ({"decision": "approve", "until": "2099-01-01", "looks": "1"}, "until"),
        ({"decision": "approve", "until": "tomorrow", "looks": "1"}, "until"),
        ({"decision": "approve", "looks": "4"}, "looks"),
        ({"decision": "approve", "looks": "0"}, "looks"),
        ({"decision": "approve", "looks": "9" * 40}, "looks"),
        ({"decision": "return", "text": "  "}, "text"),
        ({"decision": "decline"}, "reason_code"),
        ({"decision": "decline", "reason_code": "because"}, "reason_code"),
        ({"decision": "eat"}, "decision"),
        ({}, "decision"),
    ],
)
def test_a_decision_that_does_not_fit_changes_nothing(ask, owner, steward, now, form, field):
    request = ask()
    day = (now + timedelta(days=2)).date().isoformat()
    sent = {"until": day, "looks": "1", "version": request.version} | form | KEY
    response = signed_in(steward).post(page("information-decide", owner, request.pk), sent)
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    request.refresh_from_db()
    assert request.state == "requested"


def test_a_decision_on_an_older_version_is_refused(ask, owner, steward):
    request = ask()
    sent = {"decision": "return", "text": "Fewer fields", "version": request.version + 1} | KEY
    response = signed_in(steward).post(page("information-decide", owner, request.pk), sent)
    assert response.status_code == 412


def test_returned_changed_and_sent_again_the_difference_is_shown(
    ask, owner, borrower, steward, clinician, now
):
    request = ask(
        looks=3, until=end_of((now + timedelta(days=7)).date(), ZoneInfo("Asia/Shanghai"))
    )
    steward_client, clinician_client = signed_in(steward), signed_in(clinician)
    url = page("information-decide", owner, request.pk)
    sent = {"decision": "return", "text": "Two looks will do", "version": request.version}
    assert steward_client.post(url, sent | KEY).status_code == 302
    assert "information-returned" in told(clinician)
    again = page("information-again", borrower, request.pk)
    shown = clinician_client.get(again)
    assert b"Two looks will do" in shown.content
    initial = shown.context["form"].initial
    form = {name: value for name, value in initial.items() if value not in (None, [], "")}
    form |= {"looks": "2", "agreed": "on"} | KEY
    assert clinician_client.post(again, form).status_code == 302
    request.refresh_from_db()
    assert (request.state, request.quantity, request.decided_at) == ("requested", 2, None)
    assert "information-again" in told(steward)
    decide = steward_client.get(url)
    assert decide.context["changes"] == [("Looks", "3", "2")]
    assert b'class="diff-old"' in decide.content


def test_new_conditions_have_to_be_agreed_to_again(ask, asset, steward, clinician, now):
    request = ask()
    deciding.return_for_changes(sharing_request=request, by=steward, now=now, text="Again")
    make.access_terms(asset, max_looks=2)
    with pytest.raises(RulesBlock) as refusal:
        asking.resubmit(
            sharing_request=request, asked=wanted(now, agreed=False), by=clinician, now=now
        )
    assert [f.code for f in refusal.value.findings] == ["INF-00", "INF-05"]
    asking.resubmit(sharing_request=request, asked=wanted(now, looks=2), by=clinician, now=now)
    assert AccessGrant.objects.of(request).get().terms.number == 2


def test_declined_with_a_reason(ask, owner, steward):
    request = ask()
    sent = {"decision": "decline", "reason_code": "terms", "version": request.version} | KEY
    response = signed_in(steward).post(page("information-decide", owner, request.pk), sent)
    assert response.status_code == 302
    request.refresh_from_db()
    assert (request.state, request.decision_code) == ("declined", "terms")


def test_nobody_decides_their_own_and_no_approver_of_devices(ask, owner, borrower, clinician, now):
    request = ask()
    make.grant(clinician, "information_steward", at=owner)
    common = {"sharing_request": request, "now": now, "until": now + timedelta(days=1), "looks": 1}
    with pytest.raises(FourEyes):
        deciding.approve(by=clinician, **common)
    with pytest.raises(NotYours):
        deciding.approve(by=make.user(at=owner, role="approver"), **common)


def test_what_the_rules_forbid_by_now_is_not_approved(ask, asset, steward, now):
    request = ask()
    asset.offers.update(status="withdrawn")
    with pytest.raises(RulesBlock):
        deciding.approve(
            sharing_request=request, until=now + timedelta(days=1), looks=1, by=steward, now=now
        )


def test_one_open_request_per_person_and_asset(ask):
    ask()
    with pytest.raises(AskedAlready):
        ask()


def test_the_page_to_ask_says_all_that_stands_in_the_way(asset, borrower, clinician, now):
    url = page("information-ask", borrower, asset.pk)
    client = signed_in(clinician)
    shown = client.get(url)
    assert len(shown.context["lines"]) == 5
    form = {
        "purpose_of_use": "TREAT",
        "recipient_role": "physician",
        "legal_basis": "none_needed",
        "until": "2039-01-01",
        "looks": "50",
        "priority": "routine",
        "reason": "x",
    }
    response = client.post(url, form | KEY)
    assert response.status_code == 409
    assert sorted(f["code"] for f in response.context["findings"]) == ["INF-00", "INF-05", "INF-05"]
    assert not SharingRequest.unscoped.exists()
    day = (now + timedelta(days=3)).date().isoformat()
    response = client.post(url, form | {"until": day, "looks": "2", "agreed": "on"} | KEY)
    assert response.status_code == 302
    assert client.get(response.url).status_code == 200


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"until": "2026-02-30"}, "until"),
        ({"until": "9999-12-31"}, "until"),
        ({"looks": "-1"}, "looks"),
        ({"looks": "1e9"}, "looks"),
        ({"purpose_of_use": "BTG"}, "purpose_of_use"),
        ({"legal_basis": "\x00"}, "legal_basis"),
        ({"reason": ""}, "reason"),
        ({"reason": "x" * 2001}, "reason"),
        ({"priority": "now"}, "priority"),
        ({"scope": "name"}, "scope"),
    ],
)
def test_a_bad_value_is_said_beside_its_field(asset, borrower, clinician, change, field):
    form = {
        "purpose_of_use": "TREAT",
        "recipient_role": "physician",
        "legal_basis": "none_needed",
        "until": "2026-12-01",
        "looks": "2",
        "priority": "routine",
        "reason": "x",
        "agreed": "on",
    }
    url = page("information-ask", borrower, asset.pk)
    response = signed_in(clinician).post(url, form | change | KEY)
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])


def test_every_step_is_in_the_history_in_words(granted, owner, steward, borrower):
    request = granted()
    page_ = signed_in(steward).get(
        reverse("scheduling:request-detail", args=[owner.slug, request.pk])
    )
    assert page_.status_code == 200
    steps = list(
        TransitionLog.objects.of(request).order_by("pk").values_list("transition", flat=True)
    )
    assert steps == ["ask", "approve"]


def test_the_audit_trail_calls_the_steps_as_the_kind_does(granted, owner, steward, borrower, now):
    request = granted()
    looking.look(
        sharing_request=request, institution=borrower, by=request.created_by, address=HOME, now=now
    )
    ending.revoke(sharing_request=request, by=steward, now=now, text="x")
    text = signed_in(steward).get(reverse("portal:audit", args=[owner.slug])).content.decode()
    rows = text[text.index("<tbody") : text.index("</tbody>")]
    assert "Opened for the first time" in rows
    assert "Access ended" in rows
    assert "Returned and received" not in rows
