"""What the borrower reads of the dates that an owner answers together."""

import pytest

from medshare_portal import notices
from medshare_portal.models import Notification
from scheduling.actions import series
from tests import make

pytestmark = pytest.mark.django_db


def test_an_answer_in_part_names_every_date_in_one_notice(city, now):
    states = ("requested",) * 4
    sent = make.series(city.resource, city.borrower, states=states, now=now, by=city.asker)
    rows = list(sent.dates.order_by("starts_at"))
    series.answer(
        series=sent, approve=[row.pk for row in rows[:3]], decline=[rows[3].pk],
        reason_code="own_need", text="Own lists", by=city.approver, now=now,
    )  # fmt: skip
    rows = list(sent.dates.order_by("starts_at"))
    [told] = Notification.unscoped.filter(user=city.asker)
    said = notices.render(told)
    assert said["subject"].startswith(f"{sent.reference}: 3 approved, 1 declined")
    yes, no = said["body"].split("Declined: ")
    assert [row.reference in yes for row in rows] == [True, True, True, False]
    assert rows[3].reference in no
    assert "Own lists" in no
