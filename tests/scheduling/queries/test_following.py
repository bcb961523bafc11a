"""What comes after a booking, whom a longer use crosses, and who is told of it."""

from datetime import UTC, datetime, timedelta

import pytest

from medshare_portal.models import Notification
from scheduling.actions import changes
from scheduling.queries.following import following, is_taken, longer_use
from scheduling.queries.replacements import Cause, open_time
from tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


def at(hours):
    return NOW + timedelta(hours=hours)


@pytest.fixture
def owner():
    return make.institution("owner")


@pytest.fixture
def borrower():
    return make.institution("borrower")


@pytest.fixture
def device(owner):
    device = make.equipment(owner, confirmed_at=NOW, last_safety_test=NOW.date())
    make.offer(device, now=NOW)
    return device


@pytest.fixture
def running(device, borrower):
    return booked(device, borrower, 24, 48, agreement_accepted_at=NOW)


def booked(device, borrower, first, last, state="approved", **fields):
    return make.sharing_request(
        device, borrower, state=state, now=NOW, starts_at=at(first), ends_at=at(last), **fields
    )


def other(device, slug="other"):
    """A unit of somebody else that is free then."""
    unit = make.equipment(make.institution(slug), confirmed_at=NOW, last_safety_test=NOW.date())
    make.offer(unit, now=NOW)
    return unit


def test_the_next_booking_and_the_owners_own_use_bound_a_longer_use(device, running, owner):
    third = make.institution("third")
    later = booked(device, third, 80, 90)
    found = following(running)
    assert (found.booked, found.kept, found.latest) == (later, None, at(80))
    make.block(device, at(60), at(61), by=make.user(at=owner))
    assert following(running).latest == at(60)


def test_of_a_set_nobody_can_say_how_long(owner, borrower):
    device = make.equipment(owner, units=3)
    first = booked(device, borrower, 24, 48, units=1)
    booked(device, make.institution("third"), 80, 90)
    assert following(first).latest is None


def test_only_others_undecided_wishes_within_the_longer_time_are_crossed(device, running, borrower):
    third = make.institution("third")
    crossed = booked(device, third, 50, 60, "requested")
    booked(device, borrower, 50, 60, "requested")  # our own
    booked(device, third, 70, 80, "requested")  # later
    booked(device, third, 50, 60, "declined")
    assert following(running, until=at(55)).wished == [crossed]


def ask(running, until):
    asker = make.user(at=running.borrower, role="coordinator")
    return changes.ask_extension(
        sharing_request=running, new_ends_at=at(until), reason="Longer", by=asker, now=NOW
    )


def test_who_is_crossed_is_told_with_what_is_free_instead(device, running):
    third, unit = make.institution("third"), other(device)
    wish = booked(device, third, 50, 60, "requested")
    change = ask(running, 55)
    (told,) = Notification.unscoped.filter(event="time-crossed")
    assert (told.object_id, told.user) == (wish.pk, wish.created_by)
    assert f"/resources/{unit.pk}/request/" in told.context["links"][0]["url"]
    assert longer_use(wish) == change
    assert open_time(wish, at_risk=False, now=NOW) == (Cause.CROSSED, (at(50), at(60)))
    approver = make.user(at=running.owner, role="approver")
    changes.answer_extension(change=change, agree=True, answer="", by=approver, now=NOW)
    (told,) = Notification.unscoped.filter(event="time-taken")
    assert told.object_id == wish.pk
    assert told.context["links"]
    assert is_taken(wish)
    assert open_time(wish, at_risk=False, now=NOW) == (Cause.TAKEN, (at(50), at(60)))


def test_a_refused_extension_crosses_nobody(device, running):
    wish = booked(device, make.institution("third"), 50, 60, "requested")
    change = ask(running, 55)
    approver = make.user(at=running.owner, role="approver")
    changes.answer_extension(change=change, agree=False, answer="No", by=approver, now=NOW)
    assert not Notification.unscoped.filter(event="time-taken").exists()
    assert open_time(wish, at_risk=False, now=NOW) is None


def test_the_notice_of_a_crossed_wish_names_nobody(device, running, borrower):
    booked(device, make.institution("third"), 50, 60, "requested")
    ask(running, 55)
    told = Notification.unscoped.get(event="time-crossed")
    assert borrower.name_en not in str(told.context)


def test_a_booking_at_risk_looks_for_all_of_its_time(device, running):
    assert open_time(running, at_risk=True, now=NOW) == (Cause.AT_RISK, (at(24), at(48)))
    assert open_time(running, at_risk=False, now=NOW) is None


@pytest.fixture
def three(owner, borrower):
    """Three equal units: one in use until 48 h, one promised over that; two wishes for after it."""
    device = make.equipment(owner, units=3, confirmed_at=NOW, last_safety_test=NOW.date())
    make.offer(device, now=NOW)
    use = booked(device, borrower, 24, 48, agreement_accepted_at=NOW)
    booked(device, make.institution("beside"), 40, 60)
    wide = booked(device, make.institution("wide"), 50, 60, "requested", units=2)
    small = booked(device, make.institution("small"), 50, 60, "requested")
    return use, wide, small


def test_of_a_set_those_are_crossed_who_would_find_too_few_units_left(three):
    use, wide, _small = three
    assert following(use, until=at(55)).wished == [wide]
    assert following(use, until=at(50)).wished == []


def test_of_a_set_they_are_told_when_more_time_is_asked_and_find_others(three):
    use, wide, small = three
    changes.ask_extension(
        sharing_request=use, new_ends_at=at(55), reason="Longer", by=use.created_by, now=NOW
    )
    told = Notification.unscoped.filter(event="time-crossed").values_list("object_id", flat=True)
    assert set(told) == {wide.pk}
    assert longer_use(wide) is not None
    assert longer_use(small) is None
    assert open_time(wide, at_risk=False, now=NOW)[0] == Cause.CROSSED


def test_of_a_set_it_is_taken_when_too_few_units_are_left(three):
    _use, wide, small = three
    booked(wide.resource, make.institution("late"), 55, 70)
    assert (is_taken(wide), is_taken(small)) == (True, False)
