"""What a search takes, refuses and carries on."""

from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
import time_machine
from django.urls import reverse

from tests import make
from tests.scheduling.views.find.search import SEARCH, address

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ends_at": "2026-11-25T08:00"}, "End must be after start."),
        ({"starts_at": "2026-11-20T08:00"}, "This time is already past."),
        ({"ends_at": "2027-11-25T08:00"}, "Nothing is lent for more than 180 days."),
        ({"starts_at": "0000-01-01T00:00"}, "Enter a date and a time"),
        ({"starts_at": "0001-01-01T00:00"}, "Choose a year from 2000 to 2100."),
        ({"starts_at": "99999-01-01T00:00"}, "Enter a date and a time"),
        ({"starts_at": "soon"}, "Enter a date and a time"),
        ({"units": "-1"}, "greater than or equal to 1"),
        ({"units": "1" * 40}, "less than or equal to 10000"),
        ({"within": "7"}, "Select a valid choice"),
        ({"what": "x" * 101}, "at most 100 characters"),
        ({"what": "\x00"}, "Null characters are not allowed"),
        ({"unit": "x"}, "address of this page is damaged"),
        ({"unit": "9" * 40}, "address of this page is damaged"),
    ],
)
def test_a_malformed_search_is_a_400_with_a_message(client, asker, device, changes, words):
    answer = client.get(address(**changes))
    assert answer.status_code == 400
    assert words in answer.content.decode()


def test_the_site_of_another_institution_is_refused(client, asker, owner):
    assert client.get(address(site=owner.sites.get().pk)).status_code == 400


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2027-03-28T02:30", "there is no 02:30."),
        ("2027-10-31T02:30", "02:30 comes twice. Choose which."),
    ],
)
def test_hours_of_clock_changes_are_explained(client, moment, words):
    berlin = make.institution("charite", with_site=False)
    make.site(berlin, is_main=True, time_zone="Europe/Berlin")
    client.force_login(make.user(at=berlin, role="coordinator"))
    query = urlencode(SEARCH | {"starts_at": moment})
    answer = client.get(reverse("scheduling:find", args=["charite"]) + "?" + query)
    assert answer.status_code == 400
    assert words in answer.content.decode()


@pytest.mark.parametrize("status", ["draft", "paused", "retired"])
def test_a_unit_that_is_not_listed_does_not_exist(client, asker, owner, status):
    hidden = make.equipment(owner, status=status)
    assert client.get(address(unit=hidden.pk)).status_code == 404
    assert client.post(address(unit=hidden.pk), {}).status_code == 404


def test_a_private_unit_does_not_exist(client, asker, owner):
    assert (
        client.get(address(unit=make.equipment(owner, visibility="private").pk)).status_code == 404
    )


@pytest.mark.parametrize(("which", "offset"), [("0", "02"), ("1", "01")])
def test_the_chosen_meaning_of_a_doubled_hour_goes_on_into_every_link(
    client, owner, device, which, offset
):
    berlin = make.institution("charite", with_site=False)
    make.site(berlin, is_main=True, time_zone="Europe/Berlin")
    times = {
        "starts_at": "2027-10-31T02:30",
        "starts_at_which": which,
        "ends_at": "2027-10-31T08:00",
    }
    query = urlencode(SEARCH | times | {"unit": device.pk})
    with time_machine.travel(datetime(2027, 10, 1, tzinfo=UTC), tick=False):
        client.force_login(make.user(at=berlin, role="coordinator"))
        answer = client.get(reverse("scheduling:find", args=["charite"]) + "?" + query)
    assert answer.status_code == 200
    body = answer.content.decode()
    assert f'<option value="{which}" selected>' in body
    assert f"starts_at=2027-10-31T02%3A30%2B{offset}%3A00" in body
