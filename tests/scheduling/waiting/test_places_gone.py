"""A place of what is offered no longer is given back, and its page says so."""

from datetime import timedelta

import pytest

from resources.enums import EquipmentStatus
from resources.models import Equipment, Offer
from scheduling.actions import places_gone, promises
from scheduling.models import SharingRequest, WaitlistEntry
from scheduling.states import State
from scheduling.waiting import WaitState
from tests import make
from tests.scheduling.waiting.test_pages import KEY, at, text
from tests.scheduling.waiting.test_waitlist import again, join, told

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def entry(city, now, cancel):
    joined = join(city, now)
    cancel()
    assert promises.offer_freed(now=now) == 1
    return again(joined)


def test_a_withdrawn_offer_takes_its_places_along(client, city, now, entry):
    assert places_gone.give_back(now=now) == 0
    Offer.unscoped.update(status="withdrawn")
    client.force_login(city.asker)
    page = at("waitlist-accept", city.first, entry.pk)
    for answer in (client.get(page, follow=True), client.post(page, KEY, follow=True)):
        assert "no longer held" in text(answer)
    assert (places_gone.give_back(now=now), places_gone.give_back(now=now)) == (1, 0)
    assert (again(entry).state, again(entry).promise) == (WaitState.WAITING, None)
    assert SharingRequest.unscoped.get(pk=entry.promise_id).state == State.LAPSED
    assert told("waitlist-gone") == [city.asker.pk]
    assert told("waitlist-missed") == []
    Offer.unscoped.update(status="published")
    WaitlistEntry.unscoped.update(next_look_at=now)
    assert promises.offer_freed(now=now) == 1


def test_what_is_no_longer_shown_to_who_waits_is_given_back(client, city, now, entry):
    city.device.visibility = "private"
    city.device.save()
    assert places_gone.give_back(now=now) == 1
    client.force_login(make.user(at=city.first, role="pharmacist"))
    assert at("waitlist-leave", city.first, entry.pk) not in text(
        client.get(at("waitlist", city.first))
    )
    client.force_login(city.asker)
    assert at("waitlist-leave", city.first, entry.pk) in text(
        client.get(at("waitlist", city.first))
    )


def test_a_place_on_a_device_that_is_out_of_order_is_given_back(city, now, entry):
    Equipment.unscoped.filter(pk=city.device.pk).update(status=EquipmentStatus.DOWN)
    assert places_gone.give_back(now=now) == 1
    assert again(entry).state == WaitState.WAITING
    WaitlistEntry.unscoped.update(next_look_at=now)
    assert promises.offer_freed(now=now) == 0
