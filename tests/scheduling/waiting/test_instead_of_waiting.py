"""Who is about to wait sees who could serve at once, ranked, with the reason why."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import make
from tests.make.answers import closed

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def moment(value):
    return value.strftime("%Y-%m-%dT%H:%M+00:00")


@pytest.fixture
def join(client, city, now):
    """A function that opens the page; ``wanted``: unit or category."""
    client.force_login(city.asker)
    times = {"starts_at": moment(now + 48 * HOUR), "ends_at": moment(now + 72 * HOUR)}
    address = reverse("scheduling:waitlist-join", args=[city.first.slug])
    return lambda **wanted: closed(client.get(f"{address}?{urlencode(times | wanted)}"))


def another(city, now, owner, **fields):
    device = make.equipment(
        owner, category=city.device.category, last_safety_test=now.date(), **fields
    )
    make.offer(device, now=now)
    return device


def test_the_best_stands_first_and_says_why(city, now, join):
    far = make.institution("far", with_site=False)
    make.site(far, is_main=True, latitude=30.9, longitude=120.9)
    near = another(city, now, city.second)
    away = another(city, now, far)
    page = join(unit=city.device.pk)
    rows = page.context["instead"]["rows"]
    assert [row["code"] for row in rows] == [near.code, away.code]
    assert rows[0]["why"] == "Before the next because it is nearer."
    assert city.device.code not in {row["code"] for row in rows}  # it is waited for
    assert rows[0]["url"].startswith(
        reverse("scheduling:request-create", args=[city.first.slug, near.pk])
    )
    assert "Instead of waiting" in page.content.decode()


def test_where_nobody_can_the_page_says_what_keeps_the_closest_out(city, now, join):
    untested = another(city, now, city.second)
    make.block(
        untested, now + 50 * HOUR, now + 60 * HOUR, by=make.user(at=city.second, role="coordinator")
    )
    page = join(unit=city.device.pk)
    assert page.context["instead"]["rows"] == []
    assert [row["code"] for row in page.context["instead"]["out"]] == [untested.code]
    assert "Nobody else can serve you now" in page.content.decode()


def test_what_one_does_not_see_is_not_ranked(city, now, join):
    hidden = another(city, now, city.second, visibility="private")
    page = join(unit=city.device.pk)
    assert hidden.code not in page.content.decode()


def test_more_offers_cost_no_more_statements(city, now, join):
    another(city, now, city.second)
    join(unit=city.device.pk)

    def statements():
        with CaptureQueriesContext(connection) as captured:
            assert join(unit=city.device.pk).context["instead"]["rows"]
        return len(captured)

    few = statements()
    for number in range(4):
        another(city, now, make.institution(f"more{number}"))
    assert statements() == few
