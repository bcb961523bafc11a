"""Facts of demand: written once from what has ended, never changed, true after renames."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from reports.actions import demand
from reports.models import DemandFact
from scheduling.models import NeedAnswer
from scheduling.states import ChangeKind, State
from tests import make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
TABLE = "reports_demandfact"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def device():
    return make.equipment(make.institution("owner"))


@pytest.fixture
def borrower():
    return make.institution("borrower", name_en="Borrower Hospital", name_zh="借用医院")


def ended(device, borrower, state, now, **fields):
    return make.sharing_request(device, borrower, state=state, now=now, **fields)


def outcomes():
    rows = DemandFact.unscoped.order_by("source", "source_key")
    return [(row.source, row.outcome, row.reason_code, row.as_request) for row in rows]


@pytest.mark.parametrize(
    ("state", "fields", "outcome", "reason"),
    [
        (State.CLOSED, {}, "filled", ""),
        (State.DECLINED, {}, "refused", "own_need"),
        (State.LAPSED, {"decision_code": "too_slow"}, "too_slow", "too_slow"),
        (State.LAPSED, {"decision_code": "not_taken_up"}, "missed", "not_taken_up"),
        (State.WITHDRAWN, {}, "withdrawn", ""),
        (State.CANCELLED, {}, "cancelled", "no_longer_needed"),
        (State.CANCELLED, {"decision_code": "recalled"}, "recalled", "recalled"),
        (State.CANCELLED, {"decision_code": "own_need"}, "recalled", "own_need"),
        (State.NO_SHOW, {}, "not_collected", ""),
        (State.LAPSED, {"decision_code": "unused"}, "released", "unused"),
        (State.CANCELLED, {"decision_code": "unused"}, "released", "unused"),
        (State.WITHDRAWN, {"decision_code": "basket"}, "released", "basket"),
        (State.CANCELLED, {"decision_code": "basket"}, "released", "basket"),
    ],
)
def test_the_end_of_a_request_says_what_became_of_the_demand(
    device, borrower, now, state, fields, outcome, reason
):
    ended(device, borrower, state, now, **fields)
    assert (demand.record(now=now), demand.record(now=now)) == (1, 0)
    assert outcomes() == [("request", outcome, reason, False)]


def test_what_has_not_ended_and_what_was_never_sent_is_no_fact(device, borrower, now):
    ended(device, borrower, State.REQUESTED, now)
    ended(device, borrower, State.LAPSED, now, submitted_at=None)
    make.need(borrower, now=now)
    make.waitlist_entry(borrower, resource=device, now=now)
    assert demand.record(now=now) == 0


def test_a_share_that_was_recalled_was_not_simply_filled(device, borrower, now):
    row = ended(device, borrower, State.CLOSED, now)
    make.time_change(
        row, new_ends_at=row.ends_at - HOUR, by=row.created_by, kind=ChangeKind.RECALL,
        status="agreed", decided_at=now, decided_by=row.created_by,
    )  # fmt: skip
    demand.record(now=now)
    assert outcomes() == [("request", "recalled", "", False)]


def test_needs_and_lines_become_demand_of_their_own(device, borrower, now):
    over = {"ended_at": now, "now": now - HOUR}
    make.need(borrower, state="expired", **over)
    answered = make.need(borrower, category=device.category, state="expired", **over)
    NeedAnswer.unscoped.create(
        need=answered, institution=device.institution, resource=device, answered_at=now,
        answered_by=make.user(at=device.institution),
    )  # fmt: skip
    make.need(borrower, category=device.category, state="met", **over)
    make.need(borrower, state="withdrawn", **over)
    make.waitlist_entry(borrower, resource=device, state="expired", **over)
    assert demand.record(now=now) == 5
    assert outcomes() == [
        ("need", "nothing_listed", "", False),
        ("need", "unmet", "", False),
        ("need", "filled", "", True),
        ("need", "withdrawn", "", False),
        ("waitlist", "unmet", "taken", False),
    ]


def test_a_request_from_the_line_was_first_asked_when_it_joined(device, borrower, now):
    row = ended(device, borrower, State.CLOSED, now)
    make.waitlist_entry(
        borrower, resource=device, state="taken", promise=row, offered_until=now, ended_at=now,
        now=now - 30 * HOUR,
    )  # fmt: skip
    demand.record(now=now)
    assert DemandFact.unscoped.get(source="request").first_asked_at == now - 30 * HOUR
    assert outcomes()[1] == ("waitlist", "filled", "", True)


def test_names_are_those_of_the_day_on_which_it_ended(device, borrower, now):
    ended(device, borrower, State.CLOSED, now)
    demand.record(now=now)
    borrower.name_en = "Renamed"
    borrower.save()
    ended(device, borrower, State.DECLINED, now + 48 * HOUR)
    demand.record(now=now + 48 * HOUR)
    names = DemandFact.unscoped.order_by("ended_at").values_list("institution_en", flat=True)
    assert list(names) == ["Borrower Hospital", "Renamed"]
    assert DemandFact.objects.owned_by(borrower).count() == 2
    assert DemandFact.objects.owned_by(device.institution).count() == 0


def test_an_end_that_was_committed_late_is_not_forgotten(device, borrower, now):
    ended(device, borrower, State.CLOSED, now)
    demand.record(now=now)
    ended(device, borrower, State.DECLINED, now - 5 * HOUR)
    assert demand.record(now=now) == 1


def _refused(sql, *params):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


def test_the_database_changes_no_fact_and_takes_no_untrue_one(device, borrower, now):
    ended(device, borrower, State.CLOSED, now)
    demand.record(now=now)
    for sql in (
        f"UPDATE {TABLE} SET outcome = 'unmet'",
        f"UPDATE {TABLE} SET institution_en = 'x'",
        f"DELETE FROM {TABLE}",
        f"INSERT INTO {TABLE} SELECT * FROM {TABLE}",
    ):
        _refused(sql)
    columns = [f.column for f in DemandFact._meta.concrete_fields if not f.primary_key]
    for column, value in (
        ("outcome", "'lost'"),
        ("source", "'rumour'"),
        ("urgency", "'whenever'"),
        ("quantity", "0"),
        ("as_request", "TRUE"),
        ("source_key", "source_key"),
    ):
        values = [value if name == column else name for name in columns]
        if column != "source_key":
            values[columns.index("source_key")] = "source_key + 1"
        _refused(
            f"INSERT INTO {TABLE} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {TABLE}"
        )
    assert DemandFact.unscoped.count() == 1
