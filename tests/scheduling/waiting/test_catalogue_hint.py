"""The catalogue says beside what is taken how many stand in line for it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from scheduling.models import SharingRequest
from tests import make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def full(city, now):
    """The ventilator, taken for as long as it is offered."""
    times = dict.fromkeys(("starts_at", "blocked_from"), now - DAY)
    times |= dict.fromkeys(("ends_at", "blocked_until"), now + 400 * DAY)
    SharingRequest.unscoped.filter(pk=city.booked.pk).update(**times)
    return city


def catalogue(client, person, slug):
    client.force_login(person)
    return client.get(reverse("resources:resource-list", args=[slug]))


def wait(city, institution, now, **fields):
    times = {"starts_at": now + 10 * DAY, "ends_at": now + 12 * DAY}
    return make.waitlist_entry(institution, resource=city.device, now=now, **times | fields)


def test_the_number_of_those_who_wait_stands_beside_the_link_and_no_name(client, full, now):
    wait(full, full.first, now)
    wait(full, full.second, now)
    page = catalogue(client, full.asker, "first")
    assert page.context["table"].waiting == {full.device.pk: 2}
    assert "2 waiting" in page.text
    assert str(full.second) not in page.text
    assert (
        "2 waiting" not in catalogue(client, make.user(at=full.first, role="viewer"), "first").text
    )


def test_what_is_over_or_free_counts_for_nothing(client, full, now):
    entry = wait(full, full.second, now)
    type(entry).unscoped.filter(pk=entry.pk).update(
        starts_at=now - 3 * DAY, latest_start=now - DAY, ends_at=now + DAY
    )
    page = catalogue(client, full.asker, "first")
    assert page.context["table"].waiting == {}
    assert "waiting</span>" not in page.text
