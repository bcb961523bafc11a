from datetime import UTC, date, datetime, time, timedelta

import pytest

from medshare_portal.models import Notification
from resources import jobs
from resources.models import Offer, OfferedInterval, ResourceAudience
from tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)


@pytest.fixture
def owner():
    return make.institution("owner")


def audience(device):
    return set(
        ResourceAudience.unscoped.filter(resource=device).values_list(
            "institution__slug", flat=True
        )
    )


def test_offered_time_is_written_ahead_each_night(owner):
    device = make.equipment(owner)
    offer = make.offer(device, now=NOW)
    make.offer(make.equipment(owner), now=NOW, status="withdrawn")
    assert jobs.extend_offers(NOW + timedelta(days=1)) == 1
    assert jobs.extend_offers(NOW + timedelta(days=1)) == 0
    offer.refresh_from_db()
    assert offer.expanded_until == datetime(2027, 5, 23, 16, tzinfo=UTC)
    assert (
        OfferedInterval.unscoped.filter(offer=offer).order_by("-ends_at").first().ends_at
        == offer.expanded_until
    )


def test_what_is_refused_of_one_offer_does_not_keep_the_others_from_theirs(owner):
    mornings = [(day, time(8), time(12)) for day in range(7)]
    spoiled, sound = (
        make.offer(make.equipment(owner), now=NOW, windows=mornings, intervals=[])
        for _number in range(2)
    )
    written = spoiled.expanded_until
    next_morning = (written + timedelta(days=1)).replace(hour=0)  # eight o'clock in Shanghai
    make.interval(spoiled, next_morning, next_morning + timedelta(hours=1))
    with pytest.raises(ExceptionGroup, match="1 offers not extended, 1 extended"):
        jobs.extend_offers(NOW + timedelta(days=1))
    sound.refresh_from_db()
    assert sound.expanded_until > written


def test_an_audience_follows_the_memberships_of_the_day(owner):
    member, late = make.institution("member"), make.institution("late")
    group = make.consortium(owner)
    make.join(group, member, since=date(2020, 1, 1), until=date(2026, 11, 23))
    make.join(group, late, since=date(2026, 11, 24))
    device = make.equipment(owner, visibility="consortium")
    make.offer(device, now=NOW, visibility="consortium").consortia.add(group)
    assert jobs.refresh_audiences(NOW) == 1
    assert audience(device) == {"member"}
    assert jobs.refresh_audiences(NOW + timedelta(days=1)) == 2
    assert audience(device) == {"late"}
    assert jobs.refresh_audiences(NOW + timedelta(days=1)) == 0


def test_owners_are_reminded_once_a_week_while_it_matters(owner):
    coordinator = make.user(at=owner, role="coordinator")
    make.user(at=owner, role="viewer")
    offer = make.offer(make.equipment(owner), now=NOW - timedelta(days=8))
    make.offer(make.equipment(owner), now=NOW)
    assert jobs.remind_to_confirm(NOW) == 1
    jobs.remind_to_confirm(NOW + timedelta(days=1))
    [told] = Notification.objects.addressed_to(coordinator)
    assert (told.event, told.context, told.user) == (
        "offers-to-confirm",
        {"number": 1},
        coordinator,
    )
    notice = jobs.OffersToConfirm
    assert notice.still_relevant(told)
    assert notice.url(told) == "/at/owner/offers/"
    Offer.unscoped.filter(pk=offer.pk).update(confirmed_at=NOW)
    assert not notice.still_relevant(told)
