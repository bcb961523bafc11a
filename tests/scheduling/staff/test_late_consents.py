"""Consents have a clock of their own, on the side that gives them."""

import pytest

from medshare_portal.models import Notification
from scheduling.actions import clocks
from scheduling.answer_links import CONSENT, links_for
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


def test_the_mail_of_a_late_consent_leads_whoever_may_answer_to_its_page(lending, invited):
    """The home employer decides, the host's credentialing answers; a colleague gets no link."""
    asked = {
        who: links_for(CONSENT, invited, Notification(user=who, institution=place))
        for who, place in (
            (lending.manager, lending.home),
            (lending.credentialing, lending.host),
            (lending.head, lending.host),
        )
    }
    found = {who.username: [link["url"] for link in links] for who, links in asked.items()}
    assert found == {
        "manager.home": [f"/at/home/requests/{invited.pk}/decide/"],
        "manager.host": [f"/at/host/staff/engagements/{invited.pk}/credentialing/"],
        "head.nurse": [],
    }
