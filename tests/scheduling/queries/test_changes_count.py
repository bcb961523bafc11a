"""Recalls, extensions and late returns of two institutions, counted from what happened."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduling.actions import changes
from scheduling.models import TransitionLog
from scheduling.queries.changes_count import ChangeCounts, change_counts, with_each_other
from scheduling.queries.dealings import lines_of
from tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
YEAR = timedelta(days=365)


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
    return make.equipment(owner)


def booked(device, borrower, first, last, state="approved", **fields):
    return make.sharing_request(
        device, borrower, state=state, now=NOW, starts_at=at(first), ends_at=at(last), **fields
    )


def change(row, kind, status, *, asked=0, until=10):
    decided = {} if status == "pending" else {"decided_at": at(asked)}
    make.time_change(
        row, kind=kind, status=status, new_ends_at=at(until), by=row.created_by, now=at(asked),
        **decided,
    )  # fmt: skip


def counted(owner, borrower=None, **fields):
    return change_counts(owner, borrower=borrower, since=NOW - YEAR, now=at(1), **fields)


def test_nothing_happened(owner, borrower):
    assert counted(owner, borrower) == ChangeCounts()
    assert counted(owner, borrower).nothing


def test_a_recall_is_counted_by_its_notice(owner, borrower, device):
    row = booked(device, borrower, 24, 90, recall_notice_hours=24)
    change(row, "recall", "agreed", until=24)
    change(row, "recall", "agreed", until=23)
    found = counted(owner, borrower)
    assert (found.recalls_kept, found.recalls_short) == (1, 1)


def test_extensions_are_counted_by_their_answer(owner, borrower, device):
    row = booked(device, borrower, 24, 48)
    for status in ("agreed", "agreed", "refused", "lapsed", "pending"):
        change(row, "extension", status, until=60)
    found = counted(owner, borrower)
    assert (found.extensions, found.agreed, found.refused, found.lapsed) == (5, 2, 1, 1)


def test_who_recalls_has_answered_the_extension_that_waited(owner, borrower, device):
    row = booked(device, borrower, 24, 90, recall_notice_hours=24)
    change(row, "extension", "pending", until=100)
    approver = make.user(at=owner, role="approver")
    changes.recall(sharing_request=row, new_ends_at=at(48), reason="Own need", by=approver, now=NOW)
    found = counted(owner, borrower)
    assert (found.extensions, found.overtaken, found.lapsed) == (1, 1, 0)
    said = dict(lines_of(found))["More time"]
    assert said == "1 asked: 0 agreed, 0 refused, 0 unanswered, 1 settled by an earlier end"


def test_a_booking_called_off_late_by_its_owner_is_counted(owner, borrower, device):
    for hours, days in ((12, 1), (30, 3)):
        row = booked(device, borrower, 24 * days + hours, 24 * days + hours + 5, "cancelled")
        TransitionLog.unscoped.create(
            sharing_request=row, at=row.starts_at - timedelta(hours=hours), side="owner",
            transition="cancel_by_owner", from_state="approved", to_state="cancelled",
            old_starts_at=row.starts_at,
        )  # fmt: skip
    found = change_counts(owner, since=NOW - YEAR, now=NOW + YEAR)
    assert found.called_off_short == 1


def test_hours_past_the_end_are_counted_back_or_not(owner, borrower, device):
    booked(device, borrower, -60, -50, "closed", actual_ends_at=at(-47.5))
    booked(device, borrower, -40, -30, "closed", actual_ends_at=at(-31))
    booked(device, borrower, -20, -1, "underway")
    found = counted(owner, borrower)
    assert (found.late_returns, found.overdue_hours) == (2, 4.5)


def test_another_pair_and_another_time_are_not_counted(owner, borrower, device):
    row = booked(device, make.institution("third"), 24, 90)
    change(row, "extension", "agreed")
    old = booked(device, borrower, 200, 210)
    change(old, "extension", "agreed", asked=-366 * 24)
    assert counted(owner, borrower).nothing
    assert counted(borrower).nothing
    assert counted(owner).extensions == 1


def test_both_directions_are_told_apart(owner, borrower, device):
    change(booked(device, borrower, 24, 48), "extension", "agreed")
    booked(make.equipment(borrower), owner, -60, -50, "closed", actual_ends_at=at(-48))
    lent, got = with_each_other(owner, borrower, since=NOW - YEAR, now=at(1))
    assert (lent.extensions, lent.late_returns) == (1, 0)
    assert (got.extensions, got.late_returns, got.overdue_hours) == (0, 1, 2.0)
    assert with_each_other(borrower, owner, since=NOW - YEAR, now=at(1)) == (got, lent)


def test_what_has_no_times_is_counted_when_its_owner_takes_it_back(owner, borrower):
    opened = make.access_request(make.asset(owner), borrower, state="underway", now=NOW)
    approved = make.access_request(make.asset(owner), borrower, state="approved", now=NOW)
    steps = [
        (opened, "return", "owner", "revoked"),
        (approved, "cancel_by_owner", "owner", "recalled"),
        (opened, "return", "borrower", "given_back"),
        (approved, "suspend", "system", "recalled_lot"),
        (approved, "suspend", "system", "fitness"),
    ]
    for row, transition, side, why in steps:
        TransitionLog.unscoped.create(
            sharing_request=row, at=NOW, side=side, transition=transition, data={"why": why},
            from_state="approved", to_state="finished",
        )  # fmt: skip
    found = counted(owner, borrower)
    assert (found.taken_back, found.stopped, found.called_off_short) == (2, 1, 0)
