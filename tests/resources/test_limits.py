from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from medshare_portal import policy
from resources import limits
from resources.buffers import blocked_period
from resources.models import Offer
from tests import make

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
LIMITS = {
    "max_loan_hours": limits.longest_loan_hours,
    "setup_minutes": limits.longest_setup_minutes,
    "transport_minutes": limits.longest_transport_minutes,
    "cleaning_minutes": limits.longest_cleaning_minutes,
}


@pytest.mark.parametrize("field", LIMITS)
def test_an_offer_promises_no_more_than_the_policy_allows(field):
    most = LIMITS[field]()
    Offer(**{field: most}).clean_fields(exclude=_others(field))
    with pytest.raises(ValidationError) as refused:
        Offer(**{field: most + 1}).clean_fields(exclude=_others(field))
    assert list(refused.value.message_dict) == [field]


def test_the_limits_are_those_of_the_chosen_pack(monkeypatch):
    monkeypatch.setattr(policy.current().offer, "longest_loan_hours", 48)
    assert limits.longest_loan() == timedelta(days=2)
    with pytest.raises(ValidationError):
        Offer(max_loan_hours=49).clean_fields(exclude=_others("max_loan_hours"))


@pytest.mark.django_db
def test_the_longest_use_with_its_buffers_is_blocked_for_the_longest_time():
    device = make.equipment(make.institution())
    offer = make.offer(device, **{field: most() for field, most in LIMITS.items()})
    ends_at = NOW + timedelta(hours=offer.max_loan_hours)
    first, last = blocked_period(offer=offer, mode="loan", starts_at=NOW, ends_at=ends_at)
    assert last - first == limits.longest_blocked()


def _others(field):
    return [other.name for other in Offer._meta.fields if other.name != field]
