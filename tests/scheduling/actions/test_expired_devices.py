"""EQ-06: what is expired, obsolete or unregistered is neither asked for, nor given, nor lent."""

from datetime import timedelta

import pytest

from resources.models import Equipment
from scheduling.actions import decisions, handovers
from scheduling.actions._rules import RulesBlock
from scheduling.models import SharingRequest
from scheduling.states import Stage, State
from tests.scheduling.actions.loan import HOUR, approve, ask, record

pytestmark = pytest.mark.django_db
DATES = pytest.mark.parametrize("field", ["registration_valid_until", "service_life_until"])


@pytest.fixture
def late_evening(now):
    """17:00 UTC of the day after tomorrow: 01:00 of the day after it at the site (+08:00)."""
    return (now + 72 * HOUR).replace(hour=17)


def change_device(city, **fields):
    Equipment.unscoped.filter(pk=city.resource.pk).update(**fields)
    city.resource.refresh_from_db()


def codes(refused) -> list[str]:
    return [finding.code for finding in refused.value.findings]


@DATES
def test_a_device_may_be_asked_for_until_its_last_day_at_the_site(city, now, late_evening, field):
    change_device(city, **{field: late_evening.date() + timedelta(days=1)})
    assert ask(city, now, ends_at=late_evening).state == State.REQUESTED


@DATES
def test_one_day_less_at_the_site_is_refused(city, now, late_evening, field):
    change_device(city, **{field: late_evening.date()})
    with pytest.raises(RulesBlock) as refused:
        ask(city, now, ends_at=late_evening)
    assert codes(refused) == ["EQ-06"]
    assert late_evening.date().isoformat() in refused.value.findings[0].text
    assert not SharingRequest.unscoped.exists()


@DATES
def test_a_date_that_came_closer_stops_the_approval(city, now, late_evening, field):
    request = ask(city, now, ends_at=late_evening)
    change_device(city, **{field: late_evening.date()})
    with pytest.raises(RulesBlock) as refused:
        decisions.approve(
            sharing_request=request, by=city.approver, now=now, version=request.version
        )
    assert codes(refused) == ["EQ-06"]


@pytest.mark.parametrize(
    "change",
    [
        lambda day: {"registration_valid_until": day},
        lambda day: {"service_life_until": day},
        lambda day: {"obsolete": True},
    ],
)
def test_what_became_expired_or_obsolete_does_not_leave(city, now, late_evening, change):
    booking = approve(city, ask(city, now, ends_at=late_evening), now)
    change_device(city, **change(late_evening.date()))
    with pytest.raises(RulesBlock) as refused:
        handovers.give(
            sharing_request=SharingRequest.unscoped.get(pk=booking.pk),
            stage=Stage.HANDOVER,
            record=record(receiver_name="A. Porter", counter_reading=120),
            by=city.lender,
            institution=city.owner,
            now=booking.starts_at,
        )
    assert codes(refused) == ["EQ-06"]
    booking.refresh_from_db()
    assert booking.state == State.APPROVED


def test_an_obsolete_device_is_not_asked_for(city, now):
    change_device(city, obsolete=True)
    with pytest.raises(RulesBlock) as refused:
        ask(city, now)
    assert codes(refused) == ["EQ-06"]
