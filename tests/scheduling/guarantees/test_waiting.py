"""What the database itself says of the wait-list, of needs and of their answers."""

from datetime import timedelta

import pytest
from django.utils import timezone

from scheduling.models import FreedTime, NeedAmendment
from tests import make
from tests.scheduling.guarantees.raw_sql import TABLE, refused, run, shift, without

pytestmark = pytest.mark.django_db
ENTRY, NEED, ANSWER = "scheduling_waitlistentry", "scheduling_need", "scheduling_needanswer"
HOUR = timedelta(hours=1)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def entry(device, borrower, now):
    return make.waitlist_entry(borrower, resource=device, now=now)


@pytest.fixture
def need(device, borrower, now):
    return make.need(borrower, category=device.category, now=now)


def sets(table, assignment, *params):
    return f"UPDATE {table} SET {assignment}", *params


@pytest.mark.parametrize(
    ("assignment", "name"),
    [
        ("state = 'lost'", "_state_"),
        ("priority = 'now'", "waitlist_priority_known"),
        ("resource_id = NULL", "waitlist_for_resource_or_category"),
        ("latest_start = ends_at", "waitlist_use_fits_window"),
        ("starts_at = ends_at", "waitlist_use_fits_window"),
        ("minutes = 0", "waitlist_use_fits_window"),
        ("units = 0", "waitlist_units_positive"),
        ("state = 'offered'", "waitlist_place_where_state_says_so"),
        ("offered_until = starts_at", "waitlist_place_where_state_says_so"),
        ("state = 'left'", "waitlist_ended_where_state_says_so"),
        ("ended_at = starts_at", "waitlist_ended_where_state_says_so"),
    ],
)
def test_an_entry_is_whole(entry, assignment, name):
    assert name in refused(*sets(ENTRY, assignment))


def test_nobody_waits_twice_for_the_same(entry, device, borrower, now):
    again = make.waitlist_entry(
        borrower, resource=device, starts_at=entry.starts_at + HOUR, now=now
    )
    theirs = f"(SELECT {{}} FROM {ENTRY} other WHERE other.id = {entry.pk})"
    sql = f"UPDATE {ENTRY} SET starts_at = {theirs}, ends_at = {theirs} WHERE id = %s"
    assert "unique" in refused(sql.format("starts_at", "ends_at"), again.pk).lower()


@pytest.mark.parametrize(
    ("assignment", "name"),
    [
        ("kind = 'staff'", "waitlist_for_what_it_says"),
        ("borrower_id = (SELECT institution_id FROM resources_resource)", "waitlist_"),
        ("joined_at = starts_at", "waitlist_keeps_its_place"),
    ],
)
def test_an_entry_stays_true_to_what_it_is_for(entry, assignment, name):
    assert name in refused(*sets(ENTRY, assignment))


def test_without_its_guard_an_entry_would_move_forward_in_the_line(entry, now):
    sql = sets(ENTRY, "joined_at = %s", now - HOUR)
    without("waitlist_keeps_its_place")
    run(*sql)


def test_a_place_is_of_what_was_waited_for_and_held_for_who_waits(entry, device, borrower, now):
    other = make.equipment(device.institution)
    offer = "promise_id = %s, offered_until = ends_at, state = 'offered'"
    for held in (
        make.sharing_request(other, borrower, state="held", now=now),
        make.sharing_request(device, make.institution(), state="held", now=now),
    ):
        assert "waitlist_place_is_its_own" in refused(*sets(ENTRY, offer, held.pk))
    without("waitlist_place_is_its_own")
    run(*sets(ENTRY, offer, held.pk))


def test_a_date_is_waited_for_by_who_sent_its_series(entry, device, borrower, now):
    theirs = make.series(device, make.institution())
    another = make.series(make.equipment(device.institution), borrower)
    for strange in (theirs, another):
        assert "waitlist_date_of_its_series" in refused(*sets(ENTRY, "series_id = %s", strange.pk))
    own = make.series(device, borrower)
    held = make.sharing_request(device, borrower, state="held", now=now)
    run(*sets(ENTRY, "series_id = %s", own.pk))
    offer = "promise_id = %s, offered_until = ends_at, state = 'offered'"
    assert "waitlist_date_of_its_series" in refused(*sets(ENTRY, offer, held.pk))
    without("waitlist_date_of_its_series")
    run(*sets(ENTRY, offer, held.pk))
    run(*sets(ENTRY, "series_id = %s", another.pk))


def test_a_place_is_not_used_up_for_another_time(entry, device, borrower, now):
    held = make.sharing_request(
        device, borrower, state="held", starts_at=now + 24 * HOUR, ends_at=now + 32 * HOUR, now=now
    )
    run(*sets(ENTRY, "promise_id = %s, offered_until = ends_at, state = 'offered'", held.pk))
    asked = "UPDATE {} SET state = 'requested', submitted_at = created_at WHERE id = %s"
    for hours in (15, 33):
        later = shift(held, now + hours * HOUR)
        assert "place_used_up" in refused(*later)
        moved = later[0].replace("SET", "SET state = 'requested', submitted_at = created_at,")
        assert "place_used_up" in refused(moved, *later[1:])
    without("place_is_taken_in_its_time")
    run(*shift(held, now + 15 * HOUR))
    run(asked.format(TABLE), held.pk)


def test_how_an_entry_ended_stays(device, borrower, now):
    make.waitlist_entry(borrower, resource=device, state="expired", ended_at=now, now=now)
    for assignment in ("state = 'waiting', ended_at = NULL", "ended_at = starts_at"):
        assert "waitlist_end" in refused(*sets(ENTRY, assignment))
    without("waitlist_end_is_final")
    run(*sets(ENTRY, "state = 'waiting', ended_at = NULL"))


def test_freed_time_ends_after_it_starts(device, borrower, now):
    FreedTime.unscoped.create(
        sharing_request=make.sharing_request(device, borrower, now=now),
        starts_at=now, ends_at=now + HOUR, cause="cancel", freed_at=now,
    )  # fmt: skip
    assert "freed_ends_after_start" in refused(
        "UPDATE scheduling_freedtime SET ends_at = starts_at"
    )


@pytest.mark.parametrize(
    ("assignment", "name"),
    [
        ("state = 'lost'", "_state_"),
        ("priority = 'now'", "need_priority_known"),
        ("starts_at = NULL", "need_has_window_or_moment"),
        ("starts_at = NULL, ends_at = NULL", "need_has_window_or_moment"),
        ("ends_at = starts_at", "need_has_window_or_moment"),
        ("ends_at = NULL", "need_has_window_or_moment"),
        ("priority = 'stat'", "need_urgent_with_justification"),
        ("what = ''", "need_s"),
        ("quantity = 0", "need_quantity_positive"),
        ("state = 'met'", "need_ended_where_state_says_so"),
        ("ended_at = created_at", "need_ended_where_state_says_so"),
        ("kind = 'staff'", "need_stays_what_it_is"),
        ("what = 'another'", "need_stays_what_it_is"),
    ],
)
def test_a_need_is_whole_and_stays_what_it_is(need, assignment, name):
    assert name in refused(*sets(NEED, assignment))


def test_a_request_is_made_from_a_need_of_its_borrower(need, device, borrower, now):
    other = make.need(make.institution(), category=device.category, now=now)
    asked = make.sharing_request(device, borrower, need=need, now=now)
    sql = f"UPDATE {TABLE} SET need_id = %s WHERE id = %s", other.pk, asked.pk
    assert "request_of_own_need" in refused(*sql)
    without("request_of_own_need")
    run(*sql)


def test_how_a_need_ended_stays(borrower, now):
    make.need(borrower, state="expired", ended_at=now, now=now)
    assert "need_end_is_final" in refused(*sets(NEED, "state = 'met'"))
    without("need_end_is_final")
    run(*sets(NEED, "state = 'met'"))


def test_what_was_before_an_amendment_is_never_changed(need, now):
    NeedAmendment.unscoped.create(need=need, at=now, by=need.created_by, changes={})
    for sql in (
        "UPDATE scheduling_needamendment SET at = at",
        "DELETE FROM scheduling_needamendment",
    ):
        assert "append-only" in refused(sql)


COPY = (
    f"INSERT INTO {ANSWER} (need_id, institution_id, resource_id, note, answered_at, "
    f"answered_by_id) SELECT need_id, %s, %s, note, answered_at, answered_by_id FROM {ANSWER}"
)


def test_a_need_is_answered_with_a_thing_of_ones_own_of_its_kind(need, device, borrower, now):
    make.need_answer(need, device, now=now)
    theirs, own = make.equipment(make.institution()), make.equipment(borrower)
    wrong = (
        (device.institution_id, theirs.pk),
        (borrower.pk, own.pk),
        (device.institution_id, make.person(device.institution).pk),
    )
    for params in wrong:
        assert "answer_with_an_own_resource" in refused(COPY, *params)
    without("answer_with_an_own_resource")
    run(COPY, *wrong[0])


def test_an_answer_stands_once_per_resource_and_is_taken_back_once(need, device, now):
    make.need_answer(need, device, now=now)
    assert "unique" in refused(COPY, device.institution_id, device.pk).lower()
    assert "answer_is_only_taken_back" in refused(*sets(ANSWER, "note = 'x'"))
    assert "answer_taken_back_after" in refused(*sets(ANSWER, "taken_back_at = %s", now - HOUR))
    run(*sets(ANSWER, "taken_back_at = %s", now + HOUR))
    assert "answer_is_only_taken_back" in refused(*sets(ANSWER, "taken_back_at = NULL"))
    without("answer_is_only_taken_back")
    run(*sets(ANSWER, "taken_back_at = NULL"))
