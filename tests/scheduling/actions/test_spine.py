"""A loan from ask to closed: who is told, what is written down."""

import pytest
from django.db import connection, transaction

from medshare_portal import audit
from medshare_portal.models import AuditEvent, Notification
from resources.models import UseLogEntry
from scheduling.actions import handovers
from scheduling.deadlines import answer_due
from scheduling.models import SharingRequest, TransitionLog
from scheduling.states import Stage, State
from tests.scheduling.actions.loan import HOUR, approve, ask, record

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("hours", "before_start"), [(9 * 24, False), (2, True)])
def test_an_answer_is_due_before_the_use_would_begin(city, now, hours, before_start):
    starts_at = now + hours * HOUR
    request = ask(city, now, starts_at=starts_at, ends_at=starts_at + HOUR, priority="routine")
    usual = answer_due(site=city.resource.site, priority="routine", now=now)
    assert request.due_at == (starts_at if before_start else usual)


def test_a_loan_runs_from_ask_to_closed(city, now):
    request = ask(city, now)
    assert request.state == State.REQUESTED
    usual = answer_due(site=city.resource.site, priority="routine", now=now)
    assert request.due_at == min(usual, request.starts_at)

    approve(city, request, now)
    start = request.starts_at
    handovers.give(
        sharing_request=request,
        stage=Stage.HANDOVER,
        record=record(counter_reading=100),
        by=city.lender,
        institution=city.owner,
        now=start,
    )
    assert SharingRequest.unscoped.get(pk=request.pk).state == State.APPROVED
    handovers.receive(
        sharing_request=request,
        stage=Stage.HANDOVER,
        by=city.asker,
        institution=city.borrower,
        now=start,
    )
    assert SharingRequest.unscoped.get(pk=request.pk).state == State.UNDERWAY

    back = start + 20 * HOUR
    handovers.give(
        sharing_request=request,
        stage=Stage.RETURN,
        record=record(Stage.RETURN, counter_reading=119, receiver_name="Wang"),
        by=city.asker,
        institution=city.borrower,
        now=back,
    )
    handovers.close(
        sharing_request=request, record=record(Stage.POST_CHECK), by=city.engineer, now=back + HOUR
    )

    closed = SharingRequest.unscoped.get(pk=request.pk)
    assert (closed.state, closed.actual_starts_at, closed.actual_ends_at) == ("closed", start, back)
    assert closed.asked_ends_at == now + 48 * HOUR
    steps = TransitionLog.objects.of(closed).order_by("pk").values_list("transition", flat=True)
    assert list(steps) == [
        "ask",
        "approve",
        "give_handover",
        "hand_over",
        "return",
        "close",
    ]
    use = UseLogEntry.unscoped.get()
    assert (use.counter_start, use.counter_end, use.institution_id) == (100, 119, city.borrower.pk)
    assert audit.verify("owner") == []
    assert audit.verify("borrower") == []
    assert AuditEvent.objects.owned_by(city.owner).count() == len(steps)


def test_asking_tells_the_deciders_and_approving_the_asker(city, now):
    request = ask(city, now)
    assert Notification.objects.addressed_to(city.approver).get().event == "request-asked"
    assert not Notification.objects.addressed_to(city.lender).exists()
    approve(city, request, now)
    assert Notification.objects.addressed_to(city.asker).get().event == "request-approved"


def test_nothing_moves_when_the_audit_cannot_be_written(city, now, monkeypatch):
    request = ask(city, now)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE medshare_portal_auditchain SET length = 0 WHERE name = 'owner'")
    with pytest.raises(Exception, match=r"(?i)unique|append-only"), transaction.atomic():
        approve(city, request, now)
    assert SharingRequest.unscoped.get(pk=request.pk).state == State.REQUESTED
