"""Whoever may look is told some time before the access ends: once, and in both languages."""

from datetime import timedelta

import pytest

from medshare_portal.models import Notification
from scheduling.kinds.information.actions import ending, glass
from tests import make
from tests.scheduling.information.conftest import HOME

pytestmark = pytest.mark.django_db
CODE = "information-ends-soon"
HOUR = timedelta(hours=1)


def told():
    return Notification.unscoped.filter(event=CODE)


def test_it_is_told_once_within_two_days_of_the_end(granted, clinician, now):
    request = granted(days=7)
    ends = request.access_grant.valid_until
    assert ending.remind_of_ends(now=ends - 49 * HOUR) == 0
    assert ending.remind_of_ends(now=ends - 47 * HOUR) == 1
    assert ending.remind_of_ends(now=ends - HOUR) == 0
    notice = told().get()
    assert (notice.user, notice.object_id) == (clinician, request.pk)
    assert notice.context["until_en"] != notice.context["until_zh"]
    assert "周" in notice.context["until_zh"]


def test_what_has_ended_is_not_reminded_of(granted, owner, steward, now):
    revoked, over = granted(days=7), granted(days=7, resource=make.asset(owner))
    ending.revoke(sharing_request=revoked, by=steward, now=now, text="x")
    ends = over.access_grant.valid_until
    assert ending.remind_of_ends(now=ends) == 0


def test_an_access_as_short_as_the_reminder_needs_none(granted, asset, borrower, clinician, now):
    granted(days=2)
    glass.break_glass(
        resource=asset,
        borrower=borrower,
        purpose_of_use="ETREAT",
        recipient_role="nurse",
        reason="Unconscious patient, no history known",
        by=clinician,
        address=HOME,
        now=now,
    )
    assert ending.remind_of_ends(now=now + HOUR) == 0
