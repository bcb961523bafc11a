"""The demo city has been through a crisis."""

import pytest

from medshare_portal.models import Crisis
from reports.queries.crisis import deeds
from tests.demo.conftest import NOW

pytestmark = pytest.mark.django_db


def test_has_a_past_crisis_and_no_running_one(city):
    crisis = Crisis.objects.get()
    assert not crisis.is_open
    assert crisis.ended_at < NOW
    assert [act.act for act in crisis.acts.order_by("at")] == ["declared", "extended", "ran_out"]
    found = deeds(crisis)
    assert len(found) >= 6
    assert {deed.request.kind for deed in found} >= {"equipment", "medicine", "staff"}
    assert {deed.decided_by for deed in found} == {"owner", "city"}
    assert {code for deed in found for code in deed.relaxed} == {"shorter-notice", "city-approval"}
    assert any(deed.still_out for deed in found)
    assert any(deed.approval and deed.approval.objection for deed in found)
    sides = {
        slug for deed in found for slug in (deed.request.owner.slug, deed.request.borrower.slug)
    }
    assert {"renhe", "dongbei"} <= sides
