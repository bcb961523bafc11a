"""Consents have a clock of their own, on the side that gives them."""

import pytest

from medshare_portal.models import Notification
from scheduling.actions import clocks
from scheduling.deadlines import consent_due
from scheduling.models import SignOff
from scheduling.states import Rung


@pytest.fixture
def invited(lending):
    return lending.invite()


def waiting(invited, part):
    return SignOff.unscoped.get(sharing_request=invited, part=part)


def test_each_consent_is_due_in_the_hours_of_its_side(lending, invited):
    for row in SignOff.unscoped.filter(sharing_request=invited):
        assert row.due_at == consent_due(invited, row.side, now=lending.now)


def test_a_late_consent_goes_up_on_its_own_side(lending, invited):
    row = waiting(invited, "host")
    SignOff.unscoped.filter(sharing_request=invited).exclude(pk=row.pk).update(due_at=None)
    clocks.escalate(now=row.due_at)
    told = Notification.unscoped.filter(event="consent-late")
    assert [notice.user.username for notice in told] == ["manager.host"]
    assert waiting(invited, "host").escalation == Rung.REMINDED
