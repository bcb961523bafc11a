"""Further consents that a step waits for, and requests that are on hold."""

from dataclasses import replace

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from medshare_portal.models import AuditEvent, Notification
from medshare_portal.roles import Permission
from scheduling.actions import sign_offs, suspensions
from scheduling.actions._lock import NotYours
from scheduling.actions._move import ConsentMissing, OnHold
from scheduling.kinds import SignOffPart, kinds
from scheduling.models import SharingRequest, SignOff
from scheduling.states import Side, SignOffDecision, State, Suspension
from tests import make
from tests.scheduling.actions.loan import approve, ask

pytestmark = pytest.mark.django_db
DIRECTOR = SignOffPart(
    code="director",
    label=_("Approve"),
    side=Side.BORROWER,
    before="approve",
    permission=Permission.ASK,
)


@pytest.fixture
def consenting():
    """Equipment as a kind whose approval waits for the borrower's director."""
    plain, heard = kinds["equipment"], []
    kinds.remove("equipment")
    on_signed = lambda **told: heard.append(told["sign_off"].decision)  # noqa: E731
    kinds.add("equipment", replace(plain, sign_offs=(DIRECTOR,), on_signed=on_signed))
    yield heard
    kinds.remove("equipment")
    kinds.add("equipment", plain)
    kinds.arrange(settings.SHARING_KINDS)  # the first kind is what the search begins with


def state_of(request):
    return SharingRequest.unscoped.get(pk=request.pk).state


def test_an_approval_waits_for_the_consent_and_then_passes(city, now, consenting):
    request = ask(city, now)
    sign_offs.ask_for(request, now=now)
    with pytest.raises(ConsentMissing), transaction.atomic():
        approve(city, request, now)
    assert state_of(request) == State.REQUESTED
    sign_offs.give(sharing_request=request, part="director", by=city.asker, now=now)
    request.refresh_from_db()
    approve(city, request, now)
    assert (state_of(request), consenting) == (State.APPROVED, ["given"])


def test_a_refused_consent_is_no_consent_and_is_answered_once(city, now, consenting):
    request = ask(city, now)
    sign_offs.ask_for(request, now=now)
    sign_offs.refuse(
        sharing_request=request, part="director", by=city.asker, now=now, text="Too near its end."
    )
    with pytest.raises(sign_offs.AlreadySigned):
        sign_offs.give(sharing_request=request, part="director", by=city.asker, now=now)
    request.refresh_from_db()
    with pytest.raises(ConsentMissing), transaction.atomic():
        approve(city, request, now)
    row = SignOff.objects.of(request).get()
    assert (row.decision, row.signed_name) == (SignOffDecision.REFUSED, str(city.asker))
    assert AuditEvent.unscoped.filter(action="request.sign_off_refused").exists()


def test_only_who_may_consent_does(city, now, consenting):
    request = ask(city, now)
    sign_offs.ask_for(request, now=now)
    for stranger in (city.approver, make.user(at=make.institution("third"), role="coordinator")):
        with pytest.raises(NotYours):
            sign_offs.give(sharing_request=request, part="director", by=stranger, now=now)
    with pytest.raises(sign_offs.NotAsked):
        sign_offs.give(sharing_request=request, part="nobody", by=city.asker, now=now)


def test_a_consent_of_one_person_is_that_persons_alone(city, now, consenting):
    request = ask(city, now)
    named = make.user(at=city.borrower, role="viewer")
    sign_offs.ask_for(request, now=now, people={"director": named})
    with pytest.raises(NotYours):
        sign_offs.give(sharing_request=request, part="director", by=city.asker, now=now)
    sign_offs.give(sharing_request=request, part="director", by=named, now=now)
    assert SignOff.objects.of(request).get().decided_by == named


def test_a_request_on_hold_goes_no_step_forward_until_it_is_released(city, now):
    request = ask(city, now)
    why = "Recalled by its maker"
    suspensions.suspend(sharing_request=request, reason=Suspension.OTHER, text=why, now=now)
    request.refresh_from_db()
    with pytest.raises(OnHold), transaction.atomic():
        approve(city, request, now)
    told = Notification.unscoped.filter(event="request-on-hold")
    assert {row.institution for row in told} == {city.owner, city.borrower}
    suspensions.resume(sharing_request=request, text="Settled", now=now)
    request.refresh_from_db()
    approve(city, request, now)
    assert state_of(request) == State.APPROVED
    with pytest.raises(suspensions.NotOnHold):
        suspensions.resume(sharing_request=request, text="Again", now=now)


def test_the_database_knows_no_hold_without_a_reason_and_no_consent_without_a_name(city, now):
    request = ask(city, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        SharingRequest.unscoped.filter(pk=request.pk).update(suspended_at=now)
    values = {"sharing_request": request, "part": "director", "side": Side.OWNER, "asked_at": now}
    with pytest.raises(IntegrityError), transaction.atomic():
        SignOff.unscoped.create(**values, decision="given", decided_at=now)
