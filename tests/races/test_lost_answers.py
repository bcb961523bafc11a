"""A form whose answer was lost is sent again, at once or much later: one record, over raw HTTP."""

import http.client
import time
import urllib.parse
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from medshare_portal.models import SubmittedForm
from scheduling.models import Handover, TransitionLog
from scheduling.states import State
from tests import make
from tests.races.test_handovers import record

pytestmark = pytest.mark.race
HOUR = timedelta(hours=1)


def booked(owner):
    device = make.equipment(owner, last_safety_test=timezone.now().date())
    make.offer(device)
    now = timezone.now()
    return make.sharing_request(
        device,
        make.institution("dongbei"),
        state=State.APPROVED,
        starts_at=now + HOUR,
        ends_at=now + 9 * HOUR,
        agreement_accepted_at=now,
    )


def send_and_hang_up(portal, visitor, path, fields):
    """The request goes out whole; the connection breaks before a byte of the answer is read."""
    body = urllib.parse.urlencode(fields | {"csrfmiddlewaretoken": visitor._csrf_token()})
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(portal.url).netloc, timeout=30)
    connection.request(
        "POST",
        path,
        body,
        {"Content-Type": "application/x-www-form-urlencoded", **visitor._cookie_header()},
    )
    connection.close()


def until(true, seconds=20):
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert true()


def test_a_handover_whose_answer_was_lost_is_one_however_often_and_late_it_comes_again(portal):
    owner = make.institution("renhe")
    engineer = make.user("engineer.renhe", at=owner, role="biomedical_engineer")
    request = booked(owner)
    path = reverse("scheduling:handover", args=["renhe", request.pk])
    there = reverse("scheduling:request-detail", args=["renhe", request.pk])
    visitor = portal.visitor().sign_in(engineer.username, make.PASSWORD)
    fields = record() | {"idempotency_key": "lost-answer-000001"}
    send_and_hang_up(portal, visitor, path, fields)
    until(Handover.unscoped.exists)
    assert [(visitor.post(path, fields).status, visitor.post(path, fields).location)] == [
        (302, there)
    ]
    SubmittedForm.objects.update(created_at=timezone.now() - timedelta(minutes=50))
    assert visitor.post(path, fields).location == there
    changed = fields | {"counter_reading": 101}
    assert visitor.post(path, changed).location == there  # the first one is the record
    assert Handover.unscoped.get().counter_reading == 100
    steps = TransitionLog.unscoped.filter(sharing_request=request, transition="hand_over")
    assert steps.count() == 1


def test_twin_with_a_key_of_its_own_each_time_it_is_refused_and_not_taken_for_the_first(portal):
    owner = make.institution("renhe")
    engineer = make.user("engineer.renhe", at=owner, role="biomedical_engineer")
    request = booked(owner)
    path = reverse("scheduling:handover", args=["renhe", request.pk])
    visitor = portal.visitor().sign_in(engineer.username, make.PASSWORD)
    statuses = [
        visitor.post(path, record() | {"idempotency_key": f"other-key-00000{n}"}).status
        for n in range(2)
    ]
    assert statuses == [302, 409]
