"""A date of a series that is waited for: once it is had, it is a date of the series."""

from datetime import timedelta

import pytest
from django.urls import reverse

from medshare_portal.models import Notification
from scheduling.actions import lapses, promises, requests, series, series_changes, series_use
from scheduling.actions.requests import RequestTerms
from scheduling.models import Series, SharingRequest, WaitlistEntry
from scheduling.queries.series import number_of_dates
from scheduling.states import State
from scheduling.waiting import WaitState
from tests import make

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def terms(city, starts_at, **fields):
    values = {"purpose": "Weekly lists", "agreement_accepted": True}
    values |= {"starts_at": starts_at, "ends_at": starts_at + 8 * HOUR}
    return RequestTerms(**values | fields)


@pytest.fixture
def days(city):
    """The booked day and the two after it."""
    first = city.booked.starts_at + HOUR
    return [(first + n * DAY, first + n * DAY + 8 * HOUR) for n in range(3)]


@pytest.fixture
def sent(city, now, days):
    """The free dates are asked for, the booked one is waited for."""
    return series.send(
        resource=city.device, borrower=city.first, terms=terms(city, now), dates=days[1:],
        waiting=days[:1], by=city.asker, now=now,
    )  # fmt: skip


def entry():
    return WaitlistEntry.unscoped.get()


def dates(sent):
    rows = SharingRequest.unscoped.filter(series=sent).order_by("starts_at")
    return list(rows.values_list("starts_at", "state"))


def test_a_place_that_is_taken_becomes_a_date_of_the_series(city, now, days, sent, cancel):
    assert (entry().series, entry().starts_at) == (sent, days[0][0])
    cancel()
    assert promises.offer_freed(now=now) == 1
    held = entry().promise
    assert (held.series, held.state) == (sent, "held")
    asked = requests.ask(
        resource=city.device, borrower=city.first, terms=terms(city, held.starts_at),
        by=city.asker, now=now + HOUR, hold=held,
    )  # fmt: skip
    assert (asked.pk, asked.series) == (held.pk, sent)
    assert entry().state == WaitState.TAKEN
    assert dates(sent) == [(starts_at, "requested") for starts_at, _ends_at in days]
    owner = make.user(at=city.owner, role="approver")
    answered = series.answer(series=sent, approve=[asked.pk], decline=[], by=owner, now=now + HOUR)
    assert [row.pk for row in answered.approved] == [asked.pk]


def test_a_place_that_nobody_takes_leaves_the_others_as_they_are(city, now, days, sent, cancel):
    cancel()
    promises.offer_freed(now=now)
    late = entry().offered_until + HOUR
    lapses.lapse_holds(now=late)
    assert dates(sent)[0] == (days[0][0], "lapsed")
    assert {state for _starts_at, state in dates(sent)[1:]} == {"requested"}


def test_who_waited_for_the_date_before_keeps_the_place(city, now, days):
    make.waitlist_entry(
        city.first, resource=city.device, starts_at=days[0][0], ends_at=days[0][1],
        now=now - DAY, created_by=city.asker,
    )  # fmt: skip
    sent = series.send(
        resource=city.device, borrower=city.first, terms=terms(city, now), dates=days[1:],
        waiting=days[:1], by=city.asker, now=now,
    )  # fmt: skip
    assert (entry().joined_at, entry().series) == (now - DAY, sent)


def test_dates_that_are_only_waited_for_are_no_series(city, now, days):
    none = series.send(
        resource=city.device, borrower=city.first, terms=terms(city, now), dates=[],
        waiting=days[:1], by=city.asker, now=now,
    )  # fmt: skip
    assert (none, entry().series, Series.unscoped.count()) == (None, None, 0)


@pytest.mark.parametrize(("which", "left"), [("all", True), ("this", False), ("following", False)])
def test_what_is_no_longer_needed_is_no_longer_waited_for(city, now, sent, which, left):
    """The booked day comes first: it is not of “this and following” from the second on."""
    first = None if which == "all" else SharingRequest.unscoped.filter(series=sent).earliest("pk")
    series_changes.call_off(
        series=sent, first=first, following=which == "following",
        reason_code="no_longer_needed", by=city.asker, now=now,
    )  # fmt: skip
    assert entry().state == (WaitState.LEFT if left else WaitState.WAITING)


@pytest.mark.parametrize("how", ["called_off", "released"])
def test_a_place_that_is_offered_for_a_date_goes_with_the_series(city, now, sent, cancel, how):
    cancel()
    promises.offer_freed(now=now)
    place = entry().promise
    if how == "called_off":
        series_changes.call_off(series=sent, reason_code="no_longer_needed", by=city.asker, now=now)
    else:
        asked = {"confirm_asked_at": now - HOUR, "confirm_due_at": now}
        Series.unscoped.filter(pk=sent.pk).update(**asked)
        assert series_use.release_unconfirmed(now=now) == 1
    place.refresh_from_db()
    assert (entry().state, place.state in State.ENDED) == (WaitState.LEFT, True)
    assert not Notification.unscoped.filter(event="waitlist-missed").exists()
    assert not SharingRequest.unscoped.filter(series=sent, state__in=State.OPEN).exists()


def test_a_place_is_no_date_of_the_series_before_it_is_taken(client, city, now, sent, cancel):
    cancel()
    promises.offer_freed(now=now)
    held = entry().promise.reference
    assert number_of_dates(sent) == 2
    for place, person in (("first", city.asker), ("owner", make.user(at=city.owner))):
        client.force_login(person)
        page = client.get(reverse("scheduling:series", args=[place, sent.pk])).text
        assert held not in page


def test_the_page_of_the_series_says_to_its_borrower_what_is_waited_for(client, city, sent):
    pages = {}
    for place, person in (("first", city.asker), ("owner", make.user(at=city.owner))):
        client.force_login(person)
        pages[place] = client.get(reverse("scheduling:series", args=[place, sent.pk])).text
    assert "On the wait-list" in pages["first"]
    assert "On the wait-list" not in pages["owner"]
    client.force_login(city.asker)
    line = client.get(reverse("scheduling:waitlist", args=["first"])).text
    assert f"Date of the series {sent.reference}" in line
