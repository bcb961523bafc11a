"""A place of the wait-list is used up by nothing but a wish for its own time."""

from datetime import timedelta

import pytest

from scheduling.actions import promises, requests
from scheduling.actions.requests import RequestTerms
from scheduling.models import FreedTime, SharingRequest, WaitlistEntry
from scheduling.queries.own_hold import own_hold
from scheduling.states import State
from scheduling.waiting import WaitState
from tests import make
from tests.scheduling.waiting.test_pages import KEY, at, moment, text
from tests.scheduling.waiting.test_waitlist import accept, again, join

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def entry(city, now, cancel):
    """The first in line is offered eight hours of the day after tomorrow."""
    joined = join(city, now)
    cancel()
    assert promises.offer_freed(now=now) == 1
    return again(joined)


def wished(starts_at, hours=7):
    return RequestTerms(
        starts_at=starts_at, ends_at=starts_at + hours * HOUR, purpose="Ours is in repair",
        agreement_accepted=True,
    )  # fmt: skip


def test_another_time_leaves_the_place_alone_and_its_own_time_takes_it(city, now, entry):
    colleague = make.user(at=city.first, role="coordinator")
    mine = {"by": city.asker, "now": now}
    place = entry.promise
    late = wished(now + 200 * HOUR)
    assert own_hold(city.device, city.first, wished=late, **mine) is None
    for person in (city.asker, colleague):
        found = own_hold(
            city.device, city.first, wished=wished(place.starts_at), by=person, now=now
        )
        assert found == place
    longer = wished(place.starts_at, hours=9)
    assert own_hold(city.device, city.first, wished=longer, **mine) is None
    filled = requests.hold(
        resource=city.device, borrower=city.first, starts_at=late.starts_at, ends_at=late.ends_at,
        units=1, **mine,
    )  # fmt: skip
    assert own_hold(city.device, city.first, wished=longer, **mine) == filled
    assert own_hold(city.device, city.first, wished=late, by=colleague, now=now) is None


def test_the_form_for_another_day_neither_names_nor_takes_the_place(client, city, now, entry):
    client.force_login(city.asker)
    form = at("request-create", city.first, city.device.pk)
    day = {"starts_at": moment(now + 200 * HOUR), "ends_at": moment(now + 207 * HOUR)}
    assert "Held for you" not in text(client.get(form, day))
    assert "Held for you: " in text(
        client.get(form, {"starts_at": moment(entry.promise.starts_at), "ends_at": moment(
            entry.promise.ends_at
        )})
    )  # fmt: skip
    sent = day | KEY | {
        "units": 1, "priority": "routine", "mode": "loan", "purpose": "Another ward",
        "delivery_site": city.first.sites.first().pk, "transport": "borrower",
        "agreement_accepted": "on", "do": "send",
    }  # fmt: skip
    page = at("waitlist-accept", city.first, entry.pk)
    refused = client.post(page, sent)
    assert refused.status_code == 422
    assert "stays yours" in refused.content.decode()
    assert "Held for you: " in refused.content.decode()
    assert client.post(form, sent | {"idempotency_key": "another-key"}).status_code == 302
    assert again(entry).state == WaitState.OFFERED
    assert SharingRequest.unscoped.get(state=State.REQUESTED).pk != entry.promise_id


def test_what_is_left_over_of_a_place_goes_to_the_next_in_line(city, now, entry):
    second = join(city, now, borrower=city.second, by=city.rival, length=4 * HOUR)
    WaitlistEntry.unscoped.filter(pk=second.pk).update(next_look_at=now + 99 * HOUR)
    place = entry.promise
    FreedTime.unscoped.all().delete()
    accept(city, entry, now, starts_at=place.starts_at + 2 * HOUR)
    [mark] = FreedTime.unscoped.all()
    assert (mark.starts_at, mark.ends_at) == (place.starts_at, place.starts_at + 2 * HOUR)
    assert promises.offer_freed(now=now) == 1
    assert again(second).state == WaitState.OFFERED
