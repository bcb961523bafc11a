"""The most sensitive class: two people of the owner approve an access (GEN-06)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from resources.models import InformationAsset
from scheduling.actions._lock import NotYours
from scheduling.actions._move import ConsentMissing
from scheduling.actions.decisions import FourEyes
from scheduling.actions.sign_offs import AlreadySigned
from scheduling.kinds.information.actions import asking, deciding
from scheduling.models import SignOff
from tests import make
from tests.scheduling.information.conftest import signed_in, wanted

pytestmark = pytest.mark.django_db


@pytest.fixture
def secret(owner):
    return make.asset(owner, sensitivity="V")


@pytest.fixture
def second(owner):
    return make.user("second.owner", at=owner, role="information_steward")


@pytest.fixture
def decide(now):
    def approve(request, by):
        until = request.access_grant.asked_until
        return deciding.approve(sharing_request=request, until=until, looks=1, by=by, now=now)

    return approve


def test_without_the_second_approval_nothing_is_granted(ask, secret, steward, decide):
    request = ask(resource=secret)
    with pytest.raises(ConsentMissing):
        decide(request, steward)
    request.refresh_from_db()
    assert request.state == "requested"


def test_two_people_approve_and_no_one_of_them_twice(ask, secret, steward, second, decide, now):
    request = ask(resource=secret)
    deciding.approve_second(sharing_request=request, by=second, now=now)
    with pytest.raises(AlreadySigned):
        deciding.approve_second(sharing_request=request, by=steward, now=now)
    with pytest.raises(deciding.SamePerson):
        decide(request, second)
    assert decide(request, steward).state == "approved"


def test_neither_who_asked_nor_who_does_not_decide_gives_it(
    ask, secret, owner, clinician, decide, now
):
    request = ask(resource=secret)
    with pytest.raises(NotYours):
        deciding.approve_second(
            sharing_request=request, by=make.user(at=owner, role="approver"), now=now
        )
    make.grant(clinician, "information_steward", at=owner)
    with pytest.raises(FourEyes):
        deciding.approve_second(sharing_request=request, by=clinician, now=now)


def test_what_was_changed_since_needs_it_again(
    ask, secret, clinician, steward, second, decide, now
):
    request = ask(resource=secret)
    deciding.approve_second(sharing_request=request, by=second, now=now)
    deciding.return_for_changes(sharing_request=request, by=steward, now=now, text="Fewer looks")
    asking.resubmit(sharing_request=request, asked=wanted(now, looks=2), by=clinician, now=now)
    with pytest.raises(ConsentMissing):
        decide(request, steward)
    deciding.approve_second(sharing_request=request, by=second, now=now)
    assert decide(request, steward).state == "approved"


def test_what_became_of_this_class_after_it_was_asked_for_needs_it_too(
    ask, asset, steward, second, decide, now
):
    request = ask()
    InformationAsset.unscoped.filter(pk=asset.pk).update(sensitivity="V")
    request.resource.information.refresh_from_db()
    with pytest.raises(ConsentMissing):
        decide(request, steward)
    deciding.approve_second(sharing_request=request, by=second, now=now)
    assert decide(request, steward).state == "approved"


def test_other_classes_need_one_person(ask, owner, steward, decide):
    assert decide(ask(resource=make.asset(owner, sensitivity="R")), steward).state == "approved"
    assert not SignOff.unscoped.exists()


def test_through_the_pages(ask, secret, owner, borrower, steward, second):
    request = ask(resource=secret)
    first, other = signed_in(steward), signed_in(second)
    page = reverse("scheduling:information-second", args=["owner", request.pk])
    detail = reverse("scheduling:request-detail", args=["owner", request.pk])
    decide = reverse("scheduling:information-decide", args=["owner", request.pk])
    assert page in first.get(detail).content.decode()
    assert page in first.get(decide).content.decode()
    approval = {
        "decision": "approve",
        "looks": 1,
        "until": (request.access_grant.asked_until - timedelta(days=1)).date(),
        "version": request.version,
        "idempotency_key": "a-key-of-a-form-0001",
    }
    assert first.post(decide, approval).status_code == 409
    key = {"idempotency_key": "a-key-of-a-form-0002"}
    assert other.post(page, {"text": "Seen"} | key).status_code == 302
    assert page not in first.get(detail).content.decode()
    request.refresh_from_db()
    approval |= {"version": request.version, "idempotency_key": "a-key-of-a-form-0003"}
    assert other.post(decide, approval).status_code == 403
    approval["idempotency_key"] = "a-key-of-a-form-0004"
    assert first.post(decide, approval).status_code == 302
    request.refresh_from_db()
    assert request.state == "approved"


def test_a_request_that_needs_none_has_no_such_page(ask, steward):
    page = reverse("scheduling:information-second", args=["owner", ask().pk])
    assert signed_in(steward).get(page).status_code == 404
