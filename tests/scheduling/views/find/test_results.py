"""What a search finds and says of it."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from scheduling.views.find import found_here
from tests import make
from tests.scheduling.views.find.search import END, NOW, START, address

pytestmark = pytest.mark.django_db


def test_an_empty_search_asks_what_is_needed(client, asker):
    answer = client.get(reverse("scheduling:find", args=["renhe"]))
    assert answer.status_code == 200
    assert "What do you need, and when?" in answer.content.decode()


def test_a_result_says_verdict_distance_and_cost(client, asker, device):
    body = client.get(address()).content.decode()
    assert "DB-V-01" in body
    assert "Free the whole time" in body
    assert "¥4,500" in body
    assert '<rect class="wish"' in body
    assert body.count('<rect class="uncovered"') == 1  # the legend


def test_hours_that_are_not_covered_are_marked(client, asker, device):
    make.sharing_request(
        device,
        make.institution("xihu"),
        state="approved",
        starts_at=START - timedelta(hours=9),
        ends_at=START + timedelta(hours=12),
    )
    body = client.get(address()).content.decode()
    assert "Covers 48 h of 60 h" in body
    assert body.count('<rect class="uncovered"') == 2  # the lane and the legend
    assert "Xihu" not in body


def test_own_units_are_shown_as_own(client, asker, borrower, device):
    make.equipment(borrower, code="RH-V-02")
    body = client.get(address()).content.decode()
    assert "RH-V-02" in body
    assert "Yours, free the whole time" in body


def test_who_is_left_out_is_said_with_the_reason(client, asker, owner, device):
    short = make.equipment(owner, code="DB-V-02")
    make.offer(short, now=NOW, max_loan_hours=24)
    body = client.get(address()).content.decode()
    assert "1 unit left out" in body
    assert "Lent for 24 h at most." in body


def test_nothing_of_that_name_is_not_a_matter_of_dates(client, asker):
    body = client.get(address(what="Linear accelerator")).content.decode()
    assert "Nothing like this is offered" in body
    assert "Choose a category from the list" in body
    assert "Try other dates" not in body


def test_nothing_free_says_what_to_do_next(client, asker, owner):
    short = make.equipment(owner, code="DB-V-02")
    make.offer(short, now=NOW, max_loan_hours=24)
    body = client.get(address()).content.decode()
    assert "Nothing is free for these dates" in body
    assert "Try other dates" in body


def test_the_number_of_queries_does_not_depend_on_the_results(client, asker, owner, borrower):
    counts = []
    for number in (1, 15):
        for _device in range(number):
            make.offer(make.equipment(owner), now=NOW)
            make.equipment(borrower)
        client.get(address())
        with CaptureQueriesContext(connection) as queries:
            client.get(address())
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_only_what_is_lent_for_a_time_is_searched(client, asker, device):
    assert found_here() == ["equipment"]
    assert "find/?kind=" not in client.get(address()).content.decode()
    assert client.get(address(kind="information")).status_code == 404


def test_any_of_what_ordinary_words_found_taken_can_be_waited_for(client, asker, device, owner):
    for name in ("Breathing aid, large", "Breathing aid, small"):
        aid = make.equipment(owner, category=device.category, name_en=name)
        make.offer(aid, now=NOW)
        make.sharing_request(
            aid, make.institution(), state="approved", starts_at=START, ends_at=END, now=NOW
        )
    body = client.get(address(what="breathing aid")).content.decode()
    assert f"Wait for any: {device.category.name}" in body
    [join] = re.findall(r'href="([^"]*waitlist/join/[^"]*)"', body)
    assert device.category.name in client.get(unescape(join)).content.decode()
