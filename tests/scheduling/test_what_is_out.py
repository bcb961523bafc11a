"""The database lets no more units be under way than a resource has, however late they are."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from medshare_portal.db.guarantees import guarantees, install_guarantees
from scheduling.actions.overdue import mark_not_collected
from scheduling.invariants import breaches
from scheduling.models import SharingRequest
from scheduling.states import State
from tests import make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
NAME = "request_gives_what_is_there"
GIVE = (
    "UPDATE scheduling_sharingrequest SET state = 'underway', actual_starts_at = starts_at "
    "WHERE id = %s"
)


def run(sql, *params):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


def without_the_guard():
    if connection.vendor == "postgresql":
        run("SET CONSTRAINTS ALL IMMEDIATE")
    for name in (NAME, "request_goes_to_what_is_there"):
        if connection.vendor == "postgresql":
            run(f"DROP TRIGGER {name} ON scheduling_sharingrequest")
            continue
        for event in guarantees[name].events:
            run(f"DROP TRIGGER {name}_{event.lower()}")


def late_and_next(units=1, taken=(1, 1)):
    """A device that is overdue since yesterday, and the booking after it."""
    now = timezone.now()
    device = make.equipment(make.institution("owner"), units=units)
    late = make.sharing_request(
        device, make.institution("late"), state=State.UNDERWAY, units=taken[0],
        starts_at=now - 40 * HOUR, ends_at=now - 24 * HOUR,
    )  # fmt: skip
    booked = make.sharing_request(
        device, make.institution("next"), state=State.APPROVED, units=taken[1],
        starts_at=now - HOUR, ends_at=now + 8 * HOUR,
    )  # fmt: skip
    return device, late, booked


def test_what_somebody_still_has_is_not_given_a_second_time():
    _device, late, booked = late_and_next()
    with pytest.raises(DatabaseError, match=NAME):
        run(GIVE, booked.pk)
    run(
        "UPDATE scheduling_sharingrequest SET state = 'finished', actual_ends_at = %s WHERE id = %s",
        timezone.now(),
        late.pk,
    )
    run(GIVE, booked.pk)


def test_of_a_set_only_the_units_that_are_there_are_given():
    _device, _late, booked = late_and_next(units=12, taken=(7, 6))
    with pytest.raises(DatabaseError, match=NAME):
        run(GIVE, booked.pk)
    run("UPDATE scheduling_sharingrequest SET units = 5 WHERE id = %s", booked.pk)
    run(GIVE, booked.pk)


def test_a_row_that_is_stored_as_under_way_is_refused_alike():
    now = timezone.now()
    device, late, _booked = late_and_next()
    with pytest.raises(DatabaseError, match=NAME), transaction.atomic():
        make.sharing_request(
            device, late.borrower, state=State.UNDERWAY, starts_at=now + 20 * HOUR, now=now
        )


def test_without_the_guard_it_is_given_twice_and_then_named():
    device, _late, booked = late_and_next()
    without_the_guard()
    run(GIVE, booked.pk)
    named = {(breach.invariant, breach.text) for breach in breaches()}
    text = f"2 units of resource {device.pk} are out, it has 1"
    assert ("no more units are out than there are", text) in named


def test_what_is_given_twice_already_can_still_be_changed_and_returned():
    _device, late, booked = late_and_next()
    without_the_guard()
    run(GIVE, booked.pk)
    install_guarantees(using="default")
    run("UPDATE scheduling_sharingrequest SET overdue_level = 2 WHERE id = %s", late.pk)
    with pytest.raises(DatabaseError, match=NAME):
        run("UPDATE scheduling_sharingrequest SET units = 2 WHERE id = %s", booked.pk)
    run(
        "UPDATE scheduling_sharingrequest SET state = 'finished', actual_ends_at = %s WHERE id = %s",
        timezone.now(),
        late.pk,
    )


def test_what_could_not_be_handed_over_was_not_left_uncollected():
    _device, late, booked = late_and_next()
    later = timezone.now() + 5 * HOUR
    assert mark_not_collected(now=later) == 0
    assert SharingRequest.unscoped.get(pk=booked.pk).state == State.APPROVED
    run(
        "UPDATE scheduling_sharingrequest SET state = 'finished', actual_ends_at = %s WHERE id = %s",
        timezone.now(),
        late.pk,
    )
    assert mark_not_collected(now=later) == 1
