"""Break the glass: reason and password, some hours, told at once, reviewed within three days."""

from datetime import timedelta

import pytest
from django.urls import reverse

from medshare_portal.models import Notification
from scheduling.kinds.information.actions import ending, glass
from scheduling.models import AccessEvent, AccessGrant, SharingRequest
from tests import make
from tests.make.people import PASSWORD
from tests.scheduling.information.conftest import HOME, signed_in

pytestmark = pytest.mark.django_db
KEY = {"idempotency_key": "a-key-of-a-form-0001"}
WHY = "Unconscious patient, no history known"
FORM = {
    "purpose_of_use": "BTG",
    "recipient_role": "physician",
    "reason": WHY,
    "password": PASSWORD,
} | KEY


@pytest.fixture
def url(borrower, asset):
    return reverse("scheduling:information-break-glass", args=[borrower.slug, asset.pk])


@pytest.fixture
def broken(asset, borrower, clinician, now):
    return glass.break_glass(
        resource=asset,
        borrower=borrower,
        purpose_of_use="BTG",
        recipient_role="physician",
        reason=WHY,
        by=clinician,
        address=HOME,
        now=now,
    )


def told(user) -> list[str]:
    return list(Notification.unscoped.filter(user=user).values_list("event", flat=True))


def test_with_reason_and_password_it_opens_at_once_and_the_owner_is_told(
    url, clinician, steward, owner
):
    response = signed_in(clinician).post(url, FORM)
    assert response.status_code == 302
    request = SharingRequest.unscoped.get()
    grant = AccessGrant.objects.of(request).get()
    assert (request.state, grant.break_glass, grant.legal_basis) == ("underway", True, "emergency")
    assert grant.valid_until - request.created_at == timedelta(hours=4)
    assert grant.review_due_at - request.created_at == timedelta(hours=72)
    assert told(steward) == ["glass-broken"]
    event = AccessEvent.objects.owned_by(owner).get()
    assert (event.action, event.break_glass, event.decision) == ("break_glass", True, "permit")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reason": "too short"}, "reason"),
        ({"reason": " . " * 30 + "a"}, None),
        ({"reason": "x" + " " * 40}, "reason"),
        ({"reason": ""}, "reason"),
        ({"password": "wrong"}, "password"),
        ({"password": ""}, "password"),
        ({"purpose_of_use": "TREAT"}, "purpose_of_use"),
        ({"recipient_role": "visitor"}, "recipient_role"),
    ],
)
def test_without_them_it_stays_shut(url, clinician, steward, change, field):
    """INF-12"""
    response = signed_in(clinician).post(url, FORM | change)
    if field is None:
        assert response.status_code == 302
        return
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert not SharingRequest.unscoped.exists()
    assert told(steward) == []


def test_guesses_at_the_password_are_counted(url, clinician):
    client = signed_in(clinician)
    for _guess in range(5):
        assert client.post(url, FORM | {"password": "guess"}).status_code == 422
    response = client.post(url, FORM)
    assert response.status_code == 422
    assert "Too many wrong passwords" in str(response.context["form"].errors["password"])


def test_right_passwords_close_no_door(url, clinician):
    client = signed_in(clinician)
    for number in range(7):
        answer = client.post(url, FORM | {"idempotency_key": f"key-number-000{number}"})
        assert answer.status_code == 302


def test_it_ends_by_itself_after_its_hours(broken, now):
    assert ending.end_due(now=now + timedelta(hours=4) - timedelta(seconds=1)) == 0
    assert ending.end_due(now=now + timedelta(hours=4)) == 1
    broken.refresh_from_db()
    assert broken.state == "finished"


def test_the_owner_reviews_it_once_and_they_are_told(broken, owner, steward, clinician):
    client = signed_in(steward)
    queue = client.get(reverse("scheduling:information-glass", args=[owner.slug]))
    assert [grant.pk for grant in queue.context["waiting"]] == [broken.pk]
    url = reverse("scheduling:information-review-glass", args=[owner.slug, broken.pk])
    assert WHY in client.get(url).content.decode()
    verdict = {"verdict": "justified", "text": "The patient was unconscious"} | KEY
    assert client.post(url, verdict).status_code == 302
    grant = AccessGrant.objects.of(broken).get()
    assert (grant.review_verdict, grant.reviewed_by) == ("justified", steward)
    assert told(clinician) == ["glass-reviewed"]
    again = client.post(url, verdict | {"idempotency_key": "another-key-0002"})
    assert again.status_code == 409


@pytest.mark.parametrize("bad", [{}, {"verdict": "fine", "text": "x"}, {"verdict": "justified"}])
def test_a_verdict_without_words_is_none(broken, owner, steward, bad):
    url = reverse("scheduling:information-review-glass", args=[owner.slug, broken.pk])
    assert signed_in(steward).post(url, bad | KEY).status_code == 422
    assert AccessGrant.objects.of(broken).get().reviewed_at is None


def test_a_late_review_is_told_once_to_all_who_account_for_it(broken, owner, steward, now):
    """INF-12"""
    approver = make.user(at=owner, role="approver")
    due = now + timedelta(hours=72)
    assert glass.tell_late_reviews(now=due - timedelta(seconds=1)) == 0
    assert glass.tell_late_reviews(now=due) == 1
    assert glass.tell_late_reviews(now=due + timedelta(hours=1)) == 0
    assert told(approver) == ["glass-review-late"]
    assert "glass-review-late" in told(steward)


def test_a_grant_that_was_asked_for_has_no_glass_to_review(granted, owner, steward):
    url = reverse("scheduling:information-review-glass", args=[owner.slug, granted().pk])
    assert signed_in(steward).get(url).status_code == 404
