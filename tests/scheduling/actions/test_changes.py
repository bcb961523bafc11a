"""New times in the same state."""

import pytest

from scheduling.actions import changes, lapses, requests
from scheduling.actions._rules import RulesBlock
from scheduling.models import SharingRequest, TimeChange
from scheduling.states import Side, State
from tests import make
from tests.scheduling.actions.loan import HOUR, approve, ask

pytestmark = pytest.mark.django_db


def test_an_extension_is_checked_again_when_the_owner_agrees(city, now):
    request = ask(city, now)
    approve(city, request, now)
    change = changes.ask_extension(
        sharing_request=request,
        new_ends_at=now + 60 * HOUR,
        reason="Weaning takes longer.",
        by=city.asker,
        now=now,
    )
    make.sharing_request(
        city.resource,
        make.institution("rival"),
        state=State.APPROVED,
        starts_at=now + 50 * HOUR,
        ends_at=now + 55 * HOUR,
    )
    with pytest.raises(RulesBlock):
        changes.answer_extension(change=change, agree=True, answer="", by=city.approver, now=now)


def test_recall_keeps_the_promised_notice(city, now):
    request = ask(city, now)
    approve(city, request, now)
    with pytest.raises(changes.NoticeTooShort):
        changes.recall(
            sharing_request=request,
            new_ends_at=now + 23 * HOUR,
            reason="",
            by=city.approver,
            now=now,
        )
    changes.recall(
        sharing_request=request,
        new_ends_at=now + 30 * HOUR,
        reason="Emergency",
        by=city.approver,
        now=now,
    )
    stored = SharingRequest.unscoped.get(pk=request.pk)
    assert (stored.state, stored.ends_at) == (State.APPROVED, now + 30 * HOUR)


def test_an_extension_that_a_cancellation_overtakes_is_not_unanswered(city, now):
    request = ask(city, now)
    approve(city, request, now)
    changes.ask_extension(
        sharing_request=request, new_ends_at=now + 60 * HOUR, reason="", by=city.asker, now=now
    )
    requests.cancel(
        sharing_request=request, side=Side.BORROWER, by=city.asker, now=now,
        reason_code="no_longer_needed",
    )  # fmt: skip
    change = TimeChange.unscoped.get()
    assert (change.status, change.decided_by) == ("lapsed", city.asker)
    assert lapses.lapse_extensions(now=now) == 0
