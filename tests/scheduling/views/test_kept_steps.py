"""Steps that are sent again and again over a bad connection: packs, a shift, its hours."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from scheduling.models import SharingRequest, StaffEngagement
from tests import make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
BY_SCRIPT = {"X-Sent-By-Script": "1"}


def packs(owner, borrower, now):
    """A transfer on its way, to be counted by the receiver."""
    lot = make.offered_lot(
        owner, expiry_date=(now + timedelta(days=900)).date(), storage_class="room_10_30"
    )
    row = make.transfer(lot, borrower, state="underway", packs=5)
    row.actual_starts_at = now - HOUR
    row.save()
    form = {"lot_no": lot.lot_no, "expiry_date": lot.expiry_date,
            "accepted": 5, "rejected": 0, "lost": 0}  # fmt: skip
    return row, "medicine-receive", "pharmacist", form, "finished"


def hours(owner, borrower, now):
    """A shift that is over, to be signed by the host."""
    row = make.sharing_request(
        make.person(owner), borrower, state="underway", mode="service",
        starts_at=now - 9 * HOUR, ends_at=now - HOUR,
    )  # fmt: skip
    StaffEngagement.unscoped.create(sharing_request=row, break_minutes=30)
    local = [timezone.localtime(at).strftime("%Y-%m-%dT%H:%M") for at in
             (row.starts_at, row.ends_at)]  # fmt: skip
    form = dict(zip(("worked_from", "worked_until"), local, strict=True)) | {"break_minutes": 30}
    return row, "staff-timesheet", "coordinator", form, "finished"


@pytest.fixture(params=[packs, hours])
def due(request, db, client):
    """(request, address, form, state after it), signed in as who takes the step."""
    owner, borrower = make.institution("renhe"), make.institution("dongbei")
    row, page, role, form, after = request.param(owner, borrower, timezone.now())
    client.force_login(make.user(at=borrower, role=role))
    address = reverse(f"scheduling:{page}", args=["dongbei", row.pk])
    return row, address, form | {"idempotency_key": "kept-step-00000001"}, after


def state_of(row):
    return SharingRequest.unscoped.get(pk=row.pk).state


def test_the_form_is_kept_until_the_server_says_that_it_has_it(due, client):
    row, address, form, after = due
    page = client.get(address).content.decode()
    assert f':{row.pk}:return" data-recorded="no"' in page
    assert "js/handover" in page
    answer = client.post(address, form, headers=BY_SCRIPT)
    assert answer.status_code == 204
    assert state_of(row) == after
    assert 'data-recorded="yes"' in client.get(address).content.decode()


def test_what_is_sent_again_is_one_step_and_leads_to_the_request(due, client):
    row, address, form, _after = due
    answers = [client.post(address, form, headers=BY_SCRIPT) for _turn in range(3)]
    detail = reverse("scheduling:request-detail", args=["dongbei", row.pk])
    assert {(answer.status_code, answer["X-Go-To"]) for answer in answers} == {(204, detail)}
    assert row.transitions.filter(transition="return").count() == 1
    changed = client.post(address, form | {"text": "later", "lost": 0}, headers=BY_SCRIPT)
    assert (changed.status_code, changed["X-Go-To"]) == (204, detail)
    assert client.post(address, form).status_code == 302  # without the script


def test_a_mistake_comes_back_with_its_form_and_changes_nothing(due, client):
    row, address, form, _after = due
    wrong = {name: "" for name in form} | {"idempotency_key": form["idempotency_key"]}
    answer = client.post(address, wrong, headers=BY_SCRIPT)
    assert (answer.status_code, "X-Go-To" in answer) == (422, False)
    assert 'data-part="form"' in answer.content.decode()
    assert state_of(row) == "underway"
