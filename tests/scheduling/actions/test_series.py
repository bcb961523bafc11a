"""A series is asked for as one; each date is judged, booked and called off by itself."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from medshare_portal import notices
from medshare_portal.models import AuditEvent, Notification
from resources.models import Offer, Resource
from scheduling.actions import decisions, series, series_changes
from scheduling.actions._lock import NotYours
from scheduling.actions.requests import RequestTerms
from scheduling.extent import extent
from scheduling.models import Series, SharingRequest
from scheduling.recurrence import Hours
from scheduling.states import State
from tests import make

pytestmark = pytest.mark.django_db
HOUR, WEEK = timedelta(hours=1), timedelta(days=7)


@pytest.fixture
def tuesdays(now):
    """Four weeks running, eight hours each."""
    first = now + timedelta(days=2)
    return [(first + n * WEEK, first + n * WEEK + 8 * HOUR) for n in range(4)]


def send(city, dates, now, **fields):
    terms = RequestTerms(
        starts_at=now, ends_at=now, purpose="Weekly lists", agreement_accepted=True
    )
    asked = {"resource": city.resource, "borrower": city.borrower, "by": city.asker} | fields
    return series.send(**{"terms": terms, "dates": dates, "now": now} | asked)


def states(sent) -> list[str]:
    return list(
        SharingRequest.unscoped.filter(series=sent)
        .order_by("starts_at")
        .values_list("state", flat=True)
    )


def dates_of(sent) -> list[SharingRequest]:
    return list(SharingRequest.unscoped.filter(series=sent).order_by("starts_at"))


def test_every_date_is_a_request_of_its_own(city, now, tuesdays):
    sent = send(city, tuesdays, now, rule="FREQ=WEEKLY;COUNT=4")
    rows = dates_of(sent)
    assert [(row.starts_at, row.ends_at) for row in rows] == tuesdays
    assert {row.purpose for row in rows} == {"Weekly lists"}
    assert states(sent) == ["requested"] * 4
    assert (sent.owner, sent.borrower, sent.rule) == (
        city.owner,
        city.borrower,
        "FREQ=WEEKLY;COUNT=4",
    )
    trail = AuditEvent.objects.everywhere(reason="test").filter(action="series.send")
    assert {event.chain for event in trail} == {"owner", "borrower"}


def test_the_owner_is_told_once_of_all_dates(city, now, tuesdays):
    send(city, tuesdays, now)
    told = Notification.unscoped.filter(event="request-asked")
    assert sorted(told.values_list("user__username", flat=True)) == [city.approver.username]
    body = notices.render(told.get())["body"]
    assert "4 dates of a series: " in body
    assert all(extent(date) in body for date in dates_of(Series.unscoped.get()))


def test_one_date_that_cannot_be_had_sends_none(city, now, tuesdays):
    make.sharing_request(
        city.resource, make.institution(), state=State.APPROVED,
        starts_at=tuesdays[2][0], ends_at=tuesdays[2][1],
    )  # fmt: skip
    with pytest.raises(series.DatesRefused) as refused:
        send(city, tuesdays, now)
    assert list(refused.value.refusals) == [tuesdays[2][0]]
    assert refused.value.status == 409


def test_no_dates_and_too_many_are_refused(city, now):
    with pytest.raises(series.NoDates):
        send(city, [], now)
    many = [(now + n * 24 * HOUR, now + n * 24 * HOUR + HOUR) for n in range(1, 62)]
    with pytest.raises(series.TooManyDates):
        send(city, many, now)
    assert not Series.unscoped.exists()


def test_dates_whose_buffers_meet_are_never_sent(city, now, tuesdays):
    """Eighteen hours of way and cleaning around each use: two days running are too close."""
    times = {"transport_minutes": 480, "cleaning_minutes": 120}
    Offer.unscoped.filter(resource=city.resource).update(**times)
    first, last = tuesdays[0]
    next_day = first + 24 * HOUR, last + 24 * HOUR
    with pytest.raises(series.DatesRefused) as refused:
        send(city, [tuesdays[0], next_day, tuesdays[1]], now)
    assert {key: type(why) for key, why in refused.value.refusals.items()} == {
        next_day[0]: series.DatesTooClose
    }
    assert refused.value.status == 422
    assert not Series.unscoped.exists()
    assert not SharingRequest.unscoped.exists()
    Resource.unscoped.filter(pk=city.resource.pk).update(units=2)
    assert states(send(city, [tuesdays[0], next_day, tuesdays[1]], now)) == ["requested"] * 3


@pytest.mark.parametrize("units", [1, 2])
def test_one_time_asked_for_twice_is_refused(city, now, tuesdays, units):
    Resource.unscoped.filter(pk=city.resource.pk).update(units=units)
    with pytest.raises(series.DatesRefused) as refused:
        send(city, [*tuesdays, tuesdays[2]], now)
    assert list(refused.value.refusals) == [tuesdays[2][0]]
    assert not Series.unscoped.exists()


def test_other_hours_that_bring_dates_too_close_change_none(city, now, tuesdays):
    first, last = tuesdays[0]
    sent = send(city, [(first, last), (first + 24 * HOUR, last + 24 * HOUR)], now)
    rows = dates_of(sent)
    with pytest.raises(series.DatesRefused) as refused:
        series_changes.change_hours(
            series=sent, first=rows[0], following=False, hours=hours(rows[0], city, later=20),
            by=city.asker, now=now,
        )  # fmt: skip
    assert {type(why) for why in refused.value.refusals.values()} == {series.DatesTooClose}
    assert [(row.starts_at, row.ends_at) for row in dates_of(sent)] == [
        (row.starts_at, row.ends_at) for row in rows
    ]


def test_dates_are_booked_at_once_where_the_offer_says_so(city, now, tuesdays):
    Offer.unscoped.filter(resource=city.resource).update(
        auto_approval="anyone", auto_approval_max_hours=24
    )
    sent = send(city, tuesdays, now)
    assert states(sent) == ["approved"] * 4
    told = Notification.unscoped.filter(event="request-approved")
    assert told.count() <= 1


def test_the_owner_approves_some_and_declines_the_others(city, now, tuesdays):
    sent = send(city, tuesdays, now)
    first, second, third, fourth = dates_of(sent)
    found = series.answer(
        series=sent, approve=[first.pk, third.pk], decline=[second.pk, fourth.pk],
        reason_code="own_need", by=city.approver, now=now,
    )  # fmt: skip
    assert states(sent) == ["approved", "declined", "approved", "declined"]
    assert (len(found.approved), len(found.declined), found.failed) == (2, 2, [])
    assert {row.decision_code for row in dates_of(sent) if row.state == "declined"} == {"own_need"}
    told = Notification.unscoped.filter(user=city.asker).values_list("event", flat=True)
    assert list(told) == ["series-answered"]


def test_a_date_that_fails_stops_no_other(city, now, tuesdays):
    sent = send(city, tuesdays[:2], now)
    first, second = dates_of(sent)
    make.block(city.resource, first.starts_at, first.ends_at, by=city.lender)
    found = series.answer(
        series=sent, approve=[first.pk, second.pk], decline=[], by=city.approver, now=now
    )
    assert states(sent) == ["requested", "approved"]
    assert [row.pk for row, _why in found.failed] == [first.pk]


def test_nobody_answers_keys_of_another_series(city, now, tuesdays):
    sent = send(city, tuesdays[:1], now)
    strange = make.sharing_request(city.resource, make.institution(), starts_at=tuesdays[3][0])
    found = series.answer(series=sent, approve=[strange.pk], decline=[], by=city.approver, now=now)
    assert (found.approved, found.failed) == ([], [])
    strange.refresh_from_db()
    assert strange.state == "requested"


@pytest.fixture
def running(city, now, tuesdays):
    """Four booked dates to come."""
    sent = send(city, tuesdays, now)
    series.answer(
        series=sent,
        approve=[row.pk for row in dates_of(sent)],
        decline=[],
        by=city.approver,
        now=now,
    )
    return sent


def test_calling_off_this_and_later_dates_leaves_the_earlier(city, now, running):
    rows = dates_of(running)
    gone = series_changes.call_off(
        series=running, first=rows[2], following=True, reason_code="no_longer_needed",
        by=city.asker, now=now,
    )  # fmt: skip
    assert [row.pk for row in gone] == [rows[2].pk, rows[3].pk]
    assert states(running) == ["approved", "approved", "cancelled", "cancelled"]


def test_what_has_begun_is_never_called_off(city, now, running):
    rows = dates_of(running)
    later = rows[1].starts_at + HOUR
    gone = series_changes.call_off(
        series=running, reason_code="no_longer_needed", by=city.asker, now=later
    )
    assert [row.pk for row in gone] == [rows[2].pk, rows[3].pk]
    with pytest.raises(series_changes.NothingToChange):
        series_changes.call_off(
            series=running, first=rows[0], reason_code="other", by=city.asker, now=later
        )


def test_other_people_of_other_hospitals_change_nothing(city, now, running):
    for stranger in (city.approver, make.user(at=make.institution(), role="coordinator")):
        with pytest.raises(NotYours):
            series_changes.call_off(series=running, reason_code="other", by=stranger, now=now)
    assert states(running) == ["approved"] * 4


def hours(row, city, *, earlier=0, later=0) -> Hours:
    zone = ZoneInfo(city.resource.site.time_zone)
    first = (row.starts_at - earlier * HOUR).astimezone(zone)
    last = (row.ends_at + later * HOUR).astimezone(zone)
    return Hours(
        starts=first.time(), ends=last.time(), days_later=(last.date() - first.date()).days
    )


def test_shorter_hours_stay_booked(city, now, running):
    rows = dates_of(running)
    changed = series_changes.change_hours(
        series=running, first=rows[1], following=True, hours=hours(rows[1], city, later=-2),
        by=city.asker, now=now,
    )  # fmt: skip
    assert len(changed) == 3
    assert states(running) == ["approved"] * 4
    lengths = [(row.ends_at - row.starts_at) / HOUR for row in dates_of(running)]
    assert lengths == [8, 6, 6, 6]
    assert [row.asked_ends_at for row in dates_of(running)] == [row.ends_at for row in rows]


def test_longer_hours_of_a_booking_are_asked_for_again(city, now, running):
    rows = dates_of(running)
    series_changes.change_hours(
        series=running, first=rows[3], following=False, hours=hours(rows[3], city, later=1),
        by=city.asker, now=now,
    )  # fmt: skip
    assert sorted(states(running)) == ["approved", "approved", "approved", "cancelled", "requested"]
    new = SharingRequest.unscoped.get(series=running, state="requested")
    assert new.ends_at == rows[3].ends_at + HOUR
    old = SharingRequest.unscoped.get(pk=rows[3].pk)
    assert old.decision_code == "moved"


def test_hours_that_one_date_cannot_have_change_none(city, now, running):
    rows = dates_of(running)
    make.sharing_request(
        city.resource, make.institution(), state=State.APPROVED,
        starts_at=rows[2].ends_at, ends_at=rows[2].ends_at + 2 * HOUR,
    )  # fmt: skip
    with pytest.raises(series.DatesRefused) as refused:
        series_changes.change_hours(
            series=running, first=rows[0], following=True, hours=hours(rows[0], city, later=1),
            by=city.asker, now=now,
        )  # fmt: skip
    assert list(refused.value.refusals) == [rows[2].starts_at]


def test_undecided_dates_get_new_hours_in_place(city, now, tuesdays):
    sent = send(city, tuesdays, now)
    rows = dates_of(sent)
    series_changes.change_hours(
        series=sent, first=rows[0], following=True, hours=hours(rows[0], city, later=1),
        by=city.asker, now=now,
    )  # fmt: skip
    assert states(sent) == ["requested"] * 4
    assert {(row.ends_at - row.starts_at) / HOUR for row in dates_of(sent)} == {9}
    told = Notification.unscoped.filter(event="hours-changed", user=city.approver)
    assert told.count() == 1


def test_a_single_decision_still_goes(city, now, tuesdays):
    sent = send(city, tuesdays, now)
    decisions.approve(sharing_request=dates_of(sent)[1], by=city.approver, now=now)
    assert states(sent) == ["requested", "approved", "requested", "requested"]
