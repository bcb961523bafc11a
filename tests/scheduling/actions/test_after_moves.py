"""What follows a move happens in its transaction, before the audit chain, or not at all."""

import pytest
from django.db import transaction

from medshare_portal.models import AuditEvent
from scheduling import after_moves
from scheduling.actions import changes
from scheduling.models import SharingRequest, TransitionLog
from scheduling.states import State
from tests.scheduling.actions.loan import HOUR, approve, ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def followed(monkeypatch):
    """A function that notes what it is told, and what was written by then."""
    seen = []

    def follow(*, sharing_request, transition, by, now):
        logged = TransitionLog.objects.of(sharing_request).filter(transition=transition)
        audited = AuditEvent.objects.owned_by(sharing_request.owner)
        audited = audited.filter(action=f"request.{transition}")
        seen.append((transition, sharing_request.state, by, logged.exists(), audited.exists()))

    after_moves.register(follow)
    yield seen
    after_moves.after_moves.remove(f"{follow.__module__}.{follow.__qualname__}")


def test_what_follows_hears_of_each_move_after_the_log_and_before_the_audit(city, now, followed):
    request = ask(city, now)
    assert followed == []
    approve(city, request, now)
    assert followed == [("approve", State.APPROVED, city.approver, True, False)]


def test_what_follows_hears_of_other_times(city, now, followed):
    request = approve(city, ask(city, now), now)
    shorter = request.ends_at - HOUR
    changes.shorten(sharing_request=request, new_ends_at=shorter, reason="", by=city.asker, now=now)
    assert [name for name, *_ in followed] == ["approve", "shortening"]


def test_what_fails_afterwards_takes_the_move_back(city, now):
    request = ask(city, now)

    @after_moves.register
    def fail(**told):
        raise LookupError(told["transition"])

    try:
        with pytest.raises(LookupError, match="approve"), transaction.atomic():
            approve(city, request, now)
    finally:
        after_moves.after_moves.remove(f"{fail.__module__}.{fail.__qualname__}")
    assert SharingRequest.unscoped.get(pk=request.pk).state == State.REQUESTED
