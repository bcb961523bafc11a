"""Join, leave, be promoted, miss it, wait in vain."""

from datetime import timedelta

import pytest

from medshare_portal.models import AuditEvent, Notification
from scheduling.actions import changes, lapses, promises, requests, waitlist
from scheduling.actions.requests import RequestTerms
from scheduling.models import FreedTime, SharingRequest, WaitlistEntry
from scheduling.states import State
from scheduling.waiting import WaitState
from tests import make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def join(city, now, **fields):
    values = {
        "borrower": city.first,
        "by": city.asker,
        "resource": city.device,
        "starts_at": now + 48 * HOUR,
        "ends_at": now + 72 * HOUR,
        "length": 8 * HOUR,
        "now": now,
        "purpose": "Ours is in repair",
    } | fields
    return waitlist.join(**values)


def again(entry):
    return WaitlistEntry.unscoped.get(pk=entry.pk)


def told(code):
    return list(Notification.unscoped.filter(event=code).values_list("user_id", flat=True))


def test_freed_time_is_held_for_the_first_in_line_who_is_told_once(city, now, cancel):
    entry = join(city, now, priority="asap")
    assert promises.offer_freed(now=now) == 0
    cancel()
    assert promises.offer_freed(now=now) == 1
    assert promises.offer_freed(now=now) == 0
    entry = again(entry)
    assert (entry.state, entry.offered_until) == (WaitState.OFFERED, now + HOUR / 2)
    held = entry.promise
    assert (held.state, held.starts_at, held.ends_at) == (
        State.HELD, now + 48 * HOUR, now + 56 * HOUR,
    )  # fmt: skip
    assert told("waitlist-place") == [city.asker.pk]
    assert AuditEvent.unscoped.filter(action="waitlist.offered", chain="first").count() == 1
    assert not AuditEvent.unscoped.filter(action="waitlist.offered", chain="owner").exists()


def test_urgency_goes_before_need_and_need_before_time_of_joining(city, now, cancel):
    early = join(city, now - HOUR, length=24 * HOUR, ends_at=now + 72 * HOUR)
    sooner = join(
        city, now, borrower=city.second, by=city.rival, length=24 * HOUR,
        starts_at=now + 47 * HOUR, ends_at=now + 72 * HOUR,
    )  # fmt: skip
    third = make.institution("third")
    urgent = join(
        city, now, borrower=third, by=make.user(at=third, role="coordinator"),
        length=24 * HOUR, priority="urgent",
    )  # fmt: skip
    cancel()
    promises.offer_freed(now=now)
    assert again(urgent).state == WaitState.OFFERED
    waitlist.leave(entry=again(urgent), by=urgent.created_by, now=now)
    promises.offer_freed(now=now)
    assert [again(one).state for one in (early, sooner)] == [WaitState.OFFERED, WaitState.WAITING]


def test_who_must_begin_first_goes_before_who_joined_first(city, now, cancel):
    early = join(city, now - HOUR, length=20 * HOUR)
    pressed = join(city, now, borrower=city.second, by=city.rival, length=22 * HOUR)
    cancel()
    promises.offer_freed(now=now)
    assert [again(one).state for one in (early, pressed)] == [WaitState.WAITING, WaitState.OFFERED]


def test_freed_time_goes_only_to_those_whose_use_and_days_it_fits(city, now):
    too_long = join(city, now, length=20 * HOUR)
    other_days = join(
        city, now, borrower=city.second, by=city.rival,
        starts_at=now + 60 * HOUR, ends_at=now + 65 * HOUR, length=5 * HOUR,
    )  # fmt: skip
    fits = join(city, now, length=6 * HOUR, ends_at=now + 73 * HOUR)
    promises.offer_freed(now=now)
    changes.shorten(
        sharing_request=city.booked,
        new_ends_at=now + 66 * HOUR,
        reason="",
        by=city.canceller,
        now=now,
    )
    [mark] = FreedTime.unscoped.all()
    assert (mark.starts_at, mark.ends_at) == (now + 66 * HOUR, now + 72 * HOUR)
    promises.offer_freed(now=now)
    assert [again(one).state for one in (too_long, other_days, fits)] == [
        WaitState.WAITING, WaitState.WAITING, WaitState.OFFERED,
    ]  # fmt: skip


def test_a_place_that_nobody_takes_passes_to_the_next(city, now, cancel):
    first = join(city, now, length=24 * HOUR)
    second = join(city, now + HOUR, borrower=city.second, by=city.rival, length=24 * HOUR)
    cancel(now + HOUR)
    promises.offer_freed(now=now + HOUR)
    assert again(first).state == WaitState.OFFERED
    late = again(first).offered_until + timedelta(minutes=1)
    lapses.lapse_holds(now=late)
    assert again(first).state == WaitState.MISSED
    assert told("waitlist-missed") == [city.asker.pk]
    promises.offer_freed(now=late)
    assert again(second).state == WaitState.OFFERED


def accept(city, entry, now, **fields):
    held = again(entry).promise
    values = {
        "starts_at": held.starts_at,
        "ends_at": held.ends_at,
        "purpose": "Ours is in repair",
        "agreement_accepted": True,
        "delivery_site": city.first.sites.first(),
    }
    return requests.ask(
        resource=city.device,
        borrower=city.first,
        terms=RequestTerms(**values | fields),
        by=city.asker,
        now=now,
        hold=held,
    )


def test_a_taken_place_becomes_the_request_and_is_not_promised_twice(city, now, cancel):
    first = join(city, now, length=24 * HOUR)
    second = join(city, now, borrower=city.second, by=city.rival, length=24 * HOUR)
    cancel()
    promises.offer_freed(now=now)
    asked = accept(city, first, now + HOUR)
    assert (asked.state, again(first).state) == (State.REQUESTED, WaitState.TAKEN)
    later = now + 3 * HOUR
    promises.offer_freed(now=later)
    assert again(second).state == WaitState.WAITING
    requests.withdraw(sharing_request=asked, by=city.asker, now=later)
    promises.offer_freed(now=later)
    assert again(second).state == WaitState.OFFERED


def test_a_hold_of_the_same_person_leaves_the_offered_place_alone(city, now, cancel):
    entry = join(city, now)
    cancel()
    promises.offer_freed(now=now)
    requests.hold(
        resource=city.device, borrower=city.first, starts_at=now + 60 * HOUR,
        ends_at=now + 62 * HOUR, units=1, by=city.asker, now=now,
    )  # fmt: skip
    assert again(entry).state == WaitState.OFFERED
    assert again(entry).promise.state == State.HELD


def test_any_of_a_category_is_promised_only_within_the_distance(city, now):
    make.sharing_request(
        city.device, city.holder, state=State.APPROVED,
        starts_at=now + 24 * HOUR, ends_at=now + 48 * HOUR, now=now,
    )  # fmt: skip
    home = city.first.sites.first()
    far = make.institution("far", with_site=False)
    make.site(far, latitude=home.latitude + 1, longitude=home.longitude)
    away = make.equipment(far, category=city.device.category, last_safety_test=now.date())
    make.offer(away, now=now)
    entry = join(city, now, resource=None, category=city.device.category, site=home, within_km=10)
    promises.offer_freed(now=now)
    assert again(entry).state == WaitState.WAITING
    WaitlistEntry.unscoped.filter(pk=entry.pk).update(within_km=500, next_look_at=now)
    promises.offer_freed(now=now)
    assert again(entry).promise.resource_id == away.pk


def test_time_that_somebody_has_asked_for_is_not_promised_before_the_owner_answers(
    city, now, cancel
):
    entry = join(city, now, length=24 * HOUR)
    cancel()
    asked = make.sharing_request(
        city.device, city.second, now=now, starts_at=now + 60 * HOUR, ends_at=now + 64 * HOUR
    )
    promises.offer_freed(now=now)
    assert again(entry).state == WaitState.WAITING
    requests.withdraw(sharing_request=asked, by=asked.created_by, now=now + HOUR)
    promises.offer_freed(now=now + 2 * HOUR)
    assert again(entry).state == WaitState.OFFERED


def test_a_private_device_is_promised_to_nobody(city, now):
    hidden = make.equipment(
        make.institution("shy"), category=city.device.category, visibility="private"
    )
    make.offer(hidden, now=now)
    entry = join(city, now, resource=None, category=city.device.category)
    promises.offer_freed(now=now)
    assert again(entry).state == WaitState.WAITING


def test_an_entry_ends_when_the_moment_to_begin_has_passed(city, now):
    entry = join(city, now)
    assert promises.expire(now=now + 63 * HOUR) == 0
    assert promises.expire(now=now + 64 * HOUR) == 1
    assert promises.expire(now=now + 64 * HOUR) == 0
    assert again(entry).state == WaitState.EXPIRED
    assert told("waitlist-expired") == [city.asker.pk]


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"starts_at": -2 * HOUR}, waitlist.WindowPast),
        ({"ends_at": 24 * 400 * HOUR}, waitlist.WindowTooFar),
        ({"length": 25 * HOUR}, waitlist.UseTooLong),
    ],
)
def test_join_refuses_an_impossible_window(city, now, fields, refusal):
    moments = {name: now + span if name != "length" else span for name, span in fields.items()}
    with pytest.raises(refusal):
        join(city, now, **moments)
    assert not WaitlistEntry.unscoped.exists()


def test_join_refuses_our_own_a_second_time_and_what_has_no_line(city, now):
    join(city, now)
    with pytest.raises(waitlist.AlreadyWaiting):
        join(city, now)
    with pytest.raises(waitlist.OwnResource):
        join(city, now, borrower=city.owner, by=make.user(at=city.owner, role="coordinator"))
    lot = make.offered_lot(city.owner)
    with pytest.raises(waitlist.NotWaitedFor):
        join(city, now, resource=lot.resource, by=make.user(at=city.first, role="pharmacist"))


def test_leave_ends_the_wait_once(city, now):
    entry = join(city, now)
    assert waitlist.leave(entry=entry, by=city.asker, now=now).state == WaitState.LEFT
    with pytest.raises(waitlist.NoLongerWaiting):
        waitlist.leave(entry=entry, by=city.asker, now=now)


def test_without_anybody_in_line_nothing_is_marked(city, now, cancel):
    cancel()
    assert not FreedTime.unscoped.exists()
    assert SharingRequest.unscoped.count() == 1


def test_a_place_that_is_passed_on_goes_to_the_next_and_the_line_keeps_its_order(city, now, cancel):
    first = join(city, now, length=24 * HOUR)
    second = join(city, now + HOUR, borrower=city.second, by=city.rival, length=24 * HOUR)
    cancel(now + HOUR)
    promises.offer_freed(now=now + HOUR)
    passed = waitlist.pass_on(entry=again(first), by=city.asker, now=now + HOUR)
    assert (passed.state, passed.promise, passed.joined_at) == (WaitState.WAITING, None, now)
    promises.offer_freed(now=now + HOUR)
    assert [again(one).state for one in (first, second)] == [WaitState.WAITING, WaitState.OFFERED]
    waitlist.leave(entry=again(second), by=city.rival, now=now + HOUR)
    promises.offer_freed(now=now + 3 * HOUR)
    assert again(first).state == WaitState.WAITING  # nobody else wants it, and still not again
    assert AuditEvent.unscoped.filter(action="waitlist.passed_on", chain="first").count() == 1


def test_who_passed_a_place_on_is_told_of_the_next_one(city, now, cancel):
    entry = join(city, now)
    cancel()
    for _place in range(2):
        promises.offer_freed(now=now)
        offered = again(entry).promise
        waitlist.pass_on(entry=again(entry), by=city.asker, now=now)
        assert SharingRequest.unscoped.get(pk=offered.pk).state == State.WITHDRAWN
    assert told("waitlist-place") == [city.asker.pk] * 2
    with pytest.raises(waitlist.NoLongerOffered):
        waitlist.pass_on(entry=again(entry), by=city.asker, now=now)
