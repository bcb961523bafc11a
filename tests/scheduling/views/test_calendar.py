"""The calendar: our devices and what we borrow, others' bookings only as times."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests import make

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 25, 4, tzinfo=UTC)  # Wednesday noon in Shanghai


@pytest.fixture
def owner():
    return make.institution("renhe")


@pytest.fixture
def borrower():
    return make.institution("dongbei")


@pytest.fixture
def page(client, owner, at_noon):
    client.force_login(make.user(at=owner, role="coordinator"))
    return lambda query="": client.get(reverse("scheduling:calendar", args=[owner.slug]) + query)


@pytest.fixture
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


def test_own_devices_show_who_has_them(page, owner, borrower):
    device = make.equipment(owner, code="RH-V-01")
    request = make.sharing_request(
        device,
        borrower,
        state="underway",
        starts_at=NOON - timedelta(days=1),
        ends_at=NOON + timedelta(days=1),
    )
    body = page().content.decode()
    assert "RH-V-01" in body
    assert "bar bar-use" in body
    assert f'href="/at/renhe/requests/{request.pk}/"' in body
    assert "Dongbei Hospital, in use, Tue 24 Nov, 12:00 – Thu 26 Nov, 12:00" in body


def test_what_we_borrow_is_listed_with_its_owner(page, owner, borrower):
    device = make.equipment(borrower, code="DB-CR-03")
    make.sharing_request(
        device,
        owner,
        state="underway",
        starts_at=NOON - timedelta(hours=1),
        ends_at=NOON + timedelta(days=1),
    )
    body = page().content.decode()
    assert "DB-CR-03 · from Dongbei Hospital" in body
    assert "With us" in body
    assert "DB-CR-03" not in page("?scope=ours").content.decode()
    assert "DB-CR-03" in page("?scope=borrowed").content.decode()


def test_what_we_have_not_given_back_stays_listed_in_later_weeks(page, owner, borrower):
    device = make.equipment(borrower, code="DB-LATE")
    start = NOON - timedelta(days=40)
    make.sharing_request(
        device, owner, state="underway", starts_at=start, ends_at=start + timedelta(days=2)
    )
    for query in ("", "?scope=borrowed&view=day", "?date=2026-12-14"):
        body = page(query).content.decode()
        assert "DB-LATE · from Dongbei Hospital" in body
        assert "bar-late" in body.split("tl-foot")[0] or query.startswith("?date")


def test_a_late_return_is_the_worst_news(page, owner, borrower):
    device = make.equipment(owner, code="RH-V-07")
    late = make.sharing_request(
        device,
        borrower,
        state="underway",
        starts_at=NOON - timedelta(days=30),
        ends_at=NOON - timedelta(hours=6),
    )
    make.sharing_request(
        device,
        make.institution("xihu"),
        state="approved",
        starts_at=NOON + timedelta(hours=6),
        ends_at=NOON + timedelta(hours=9),
    )
    body = page().content.decode()
    assert f"1 overdue: EQ-{late.pk}, 6 h late" in body
    assert "tl-row-late" in body
    assert "bar-late" in body
    assert "Xihu Hospital, at risk" in body


def test_bookings_of_others_show_only_times(page, owner, borrower):
    theirs = make.equipment(borrower, code="DB-V-01")
    third = make.institution("secretive")
    make.sharing_request(
        theirs,
        third,
        state="approved",
        starts_at=NOON,
        ends_at=NOON + timedelta(hours=5),
        purpose="Confidential purpose",
    )
    body = page("?scope=all&view=day").content.decode()
    assert "DB-V-01" in body
    assert "bar bar-taken" in body
    assert "Secretive" not in body
    assert "Confidential purpose" not in body


def test_a_hidden_device_is_not_listed(page, owner, borrower):
    make.equipment(borrower, code="DB-SECRET", visibility="private")
    assert "DB-SECRET" not in page("?scope=all").content.decode()


def test_notes_on_blocks_are_the_owners_alone(page, owner, borrower):
    mine, theirs = make.equipment(owner), make.equipment(borrower)
    by = make.user(at=borrower, role="coordinator")
    make.block(mine, NOON, NOON + timedelta(hours=9), by=by, note="our ward")
    make.block(theirs, NOON, NOON + timedelta(hours=9), by=by, note="their ward")
    body = page("?scope=all").content.decode()
    assert "our ward" in body
    assert "their ward" not in body


def test_why_others_keep_their_device_is_not_said(page, owner, borrower):
    theirs = make.equipment(borrower)
    by = make.user(at=borrower, role="coordinator")
    make.block(theirs, NOON - timedelta(hours=1), NOON + timedelta(hours=9), by=by, reason="repair")
    body = page("?scope=all").content.decode()
    assert "Taken, Wed 25 Nov, 11:00 – 21:00" in body
    assert "Repair, " not in body
    assert "bar bar-repair" not in body.split("tl-foot")[0]


def test_what_others_have_not_given_back_is_taken_up_to_now(page, owner, borrower):
    theirs = make.equipment(borrower)
    start = NOON - timedelta(days=20)
    make.sharing_request(
        theirs,
        make.institution("third"),
        state="underway",
        starts_at=start,
        ends_at=start + timedelta(days=5),
    )
    body = page("?scope=all&view=day").content.decode()
    assert "bar bar-taken" in body
    assert " – Wed 25 Nov, 12:00" in body
    assert "late" not in body.split('class="timeline')[1].split("tl-foot")[0]


def test_one_device_has_an_address_of_its_own_that_keeps_the_choice(page, owner, borrower):
    mine, other = make.equipment(owner, code="RH-ONE"), make.equipment(owner, code="RH-TWO")
    theirs = make.equipment(borrower, code="DB-ONE")
    body = page(f"?scope=ours&view=week&resource={mine.pk}").content.decode()
    assert "RH-ONE" in body
    assert "RH-TWO" not in body
    assert f"scope=ours&amp;date=2026-11-30&amp;resource={mine.pk}" in body
    assert '<a class="btn btn-quiet" href="?view=week&amp;scope=ours">Whole calendar</a>' in body
    assert other.code not in page(f"?resource={theirs.pk}").content.decode()


def test_the_heading_leads_to_the_other_views_and_periods(page):
    for view, number in (("week", True), ("day", False), ("month", False)):
        body = page(f"?view={view}&scope=ours&date=2026-11-25").content.decode()
        for name in ("day", "week", "month", "table"):
            current = ' aria-current="page"' if name == view else ""
            address = f"?view={name}&amp;scope=ours&amp;date=2026-11-25"
            assert f'<a href="{address}"{current}>' in body
        assert f'<a class="btn btn-quiet" href="?view={view}&amp;scope=ours">Today</a>' in body
        assert ('<span class="meta">week 48</span>' in body) == number


def test_a_page_of_one_device_has_no_filter_that_leads_away_from_it(page, owner):
    mine = make.equipment(owner)
    assert "calendar-filters" in page().content.decode()
    assert "calendar-filters" not in page(f"?resource={mine.pk}").content.decode()


def test_one_device_of_another_institution_shows_its_taken_times(page, owner, borrower):
    theirs = make.equipment(borrower, code="DB-ONE")
    make.sharing_request(
        theirs,
        make.institution("third"),
        state="approved",
        starts_at=NOON,
        ends_at=NOON + timedelta(hours=5),
    )
    body = page(f"?resource={theirs.pk}").content.decode()
    assert "bar bar-taken" in body
    assert "Third Hospital" not in body


def test_a_device_that_is_not_visible_is_not_found(page, owner, borrower):
    hidden = make.equipment(borrower, visibility="private")
    assert page(f"?resource={hidden.pk}").status_code == 404
    assert page("?resource=987654").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "?date=0000-01-01",
        "?date=99999-01-01",
        "?date=1999-12-31",
        "?date=x",
        "?view=year",
        "?scope=theirs",
        "?category=x",
        "?category=999999",
        "?page=0",
        "?page=-1",
        "?page=99999999999999999999",
        "?q=" + "x" * 101,
        "?q=%00",
        "?resource=x",
        "?resource=0",
        "?resource=99999999999999999999",
    ],
)
def test_a_malformed_address_is_a_400_with_the_page(page, query):
    answer = page(query)
    assert answer.status_code == 400
    assert "errorlist" in answer.content.decode()


@pytest.mark.parametrize("query", ["?page=40", "?scope=all&page=40", "?date=2000-01-01", "?q=%25"])
def test_an_empty_page_is_still_a_page(page, owner, query):
    make.equipment(owner)
    assert page(query).status_code == 200


def test_the_week_follows_the_main_sites_clock(client, at_noon):
    berlin = make.institution("charite", with_site=False)
    make.site(berlin, is_main=True, time_zone="Europe/Berlin")
    client.force_login(make.user(at=berlin, role="viewer"))
    make.equipment(berlin)
    address = reverse("scheduling:calendar", args=["charite"]) + "?view=day&date=2026-10-25"
    body = client.get(address).content.decode()
    assert "Sun 25 Oct 2026" in body
    assert '<text class="hour" x="20%" dx="5" y="38">04</text>' in body  # 5 of 25 hours


@pytest.mark.parametrize("query", ["", "?view=month", "?view=table", "?scope=all&view=day"])
def test_the_number_of_queries_does_not_depend_on_the_rows(page, owner, borrower, query):
    counts = []
    for devices in (1, 29):
        for _number in range(devices):
            device, theirs = make.equipment(owner), make.equipment(borrower)
            for one, other in ((device, borrower), (theirs, owner)):
                make.offer(one, now=timezone.now())
                make.sharing_request(one, other, state="approved", starts_at=NOON)
        page(query)
        with CaptureQueriesContext(connection) as queries:
            page(query)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 15
