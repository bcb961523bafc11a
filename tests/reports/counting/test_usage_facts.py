"""Facts of use: written in the move that ends a request, never changed, true after renames."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from medshare_portal.jobs import run_due
from medshare_portal.models import JobRun
from reports.actions import counting, rebuilding, usage, verifying
from reports.models import DailyRollup, DayMark, UsageFact
from reports.queries.usage_fact import around_all
from reports.settlement.actions import disputes
from tests import make
from tests.reports.counting.town import DAY, HOUR, START
from tests.reports.settlement.conftest import NOVEMBER, line_of, sharing  # noqa: F401 – a fixture

pytestmark = pytest.mark.django_db
TABLE = "reports_usagefact"


def facts():
    return UsageFact.unscoped.order_by("request_key", "version")


@pytest.fixture
def lent(town):
    """Closed: asked for 30 hours, back after 28."""
    loan = town.lend(town.devices[1], hours=30, units=2)
    town.now += 28 * HOUR
    town.bring_back(loan)
    town.now += HOUR
    town.close(loan)
    return facts().get()


def test_the_move_that_ends_a_request_writes_its_fact(town, lent):
    assert (lent.state, lent.outcome, lent.ended_side, lent.version) == (
        "closed", "filled", "owner", 1,
    )  # fmt: skip
    assert (lent.owner_en, lent.borrower_en) == ("Owner Hospital", "Borrower Hospital")
    assert (lent.owner_level, lent.units, lent.resource_units) == ("32", 2, 3)
    assert (lent.submitted_at, lent.used_from) == (START, START + HOUR)
    assert lent.used_until == lent.ends_at == START + 29 * HOUR
    assert lent.asked_ends_at == START + 31 * HOUR
    assert (lent.answer_seconds, lent.start_seconds) == (0, 3600)
    assert lent.decided_at <= lent.answer_due_at
    assert lent.distance_km == 0
    assert (lent.charge_unit, lent.charge_quantity) == ("hour", Decimal(56))
    assert (lent.first_day, lent.last_day) == (START.date(), (START + DAY).date())


def test_who_refused_and_why(town):
    asked = [town.ask(town.devices[1], after=number * 50 * HOUR + HOUR) for number in range(3)]
    town.decline(asked[0])
    town.withdraw(asked[1])
    town.approve(asked[2])
    town.cancel(asked[2])
    assert list(facts().values_list("outcome", "ended_side", "reason_code")) == [
        ("refused", "owner", "own_need"),
        ("withdrawn", "borrower", ""),
        ("cancelled", "borrower", "no_longer_needed"),
    ]


def test_a_fact_stands_or_falls_with_its_move(town):
    asked = town.ask(town.devices[0])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE medshare_portal_auditchain SET length = 0 WHERE name = 'owner'")
    with pytest.raises(DatabaseError), transaction.atomic():
        town.decline(asked)
    assert not facts().exists()


def test_what_was_never_sent_is_no_fact(town):
    make.sharing_request(
        town.devices[0], town.borrower, state="lapsed", submitted_at=None, now=town.now
    )
    assert usage.record_missing(now=town.now) == 0


def test_no_person_is_in_a_fact(town, lent):
    people = {person.full_name for person in (town.asker, town.approver, town.lender)}
    texts = " ".join(str(getattr(lent, field.name)) for field in lent._meta.concrete_fields)
    assert all(name and name not in texts for name in people)
    assert "Our own unit failed" not in texts  # the purpose as somebody typed it


def test_it_survives_what_happens_to_live_rows(town, lent):
    town.owner.name_en = "Renamed"
    town.owner.district_en = "Elsewhere"
    town.owner.save()
    device = town.devices[1]
    device.name_en, device.category = "Other name", make.category("elsewhere")
    device.save()
    again = facts().get()
    assert (again.owner_en, again.resource_en) == (lent.owner_en, lent.resource_en)
    assert again.category_code == lent.category_code != "elsewhere"


def test_missing_facts_are_written_once_and_are_those_of_the_move(town, lent):
    with connection.cursor() as cursor:
        _let_go(cursor)
        cursor.execute(f"DELETE FROM {TABLE}")
    assert verifying.without_fact() == 1
    DayMark.unscoped.all().delete()
    town.count()
    town.now += 3 * DAY
    town.count()
    rebuilding.rebuild(first=START.date(), last=START.date(), now=town.now)
    assert not DailyRollup.unscoped.filter(used__gt=0).exists()
    run_due(now=town.now, force=True)
    assert JobRun.objects.get(name="record-facts").done == 1
    assert usage.record_missing(now=town.now) == 0
    town.count()
    assert DailyRollup.unscoped.filter(used__gt=0, side="owner").exists()
    assert town.differences() == []
    left_out = {"id", "recorded_at"}
    for field in UsageFact._meta.concrete_fields:
        if field.name not in left_out:
            assert getattr(facts().get(), field.name) == getattr(lent, field.name), field.name
    assert verifying.without_fact() == 0


def _let_go(cursor):
    if connection.vendor == "postgresql":
        cursor.execute(f"DROP TRIGGER {TABLE}_append_only ON {TABLE}")
    else:
        cursor.execute(f"DROP TRIGGER {TABLE}_append_only_delete")


def test_either_side_and_the_city_read_a_fact_and_nobody_else(town, lent):
    stranger = make.institution("stranger")
    for institution, given, received in (
        (town.owner, 1, 0), (town.borrower, 0, 1), (stranger, 0, 0),
    ):  # fmt: skip
        rows = UsageFact.objects
        assert rows.given_by(institution).count() == given
        assert rows.received_by(institution).count() == received
        assert rows.concerning(institution).count() == given + received
    assert UsageFact.objects.in_city_view().count() == 1
    town.now = START + 3 * DAY
    town.count()
    rebuilding.rebuild(first=START.date(), last=START.date(), now=town.now)
    assert DailyRollup.objects.owned_by(town.owner).exists()
    assert not DailyRollup.objects.owned_by(stranger).exists()


def test_a_settled_dispute_is_a_new_fact_and_repairs_its_days(sharing):  # noqa: F811
    request = sharing.loan(sharing.east)  # eight hours, ended at 10:00 of 14 October
    usage.record_missing(now=NOVEMBER)
    october = request.actual_starts_at.date()
    rebuilding.rebuild(first=october - 3 * DAY, last=october + 3 * DAY, now=NOVEMBER)
    sharing.draft()
    row = sharing.dispute(line_of(request), quantity="4", price="100", reason="Back at noon")
    DayMark.unscoped.all().delete()
    disputes.answer(
        dispute=row, agree=True, text="See log", institution=sharing.east,
        by=sharing.people[sharing.east.pk], now=NOVEMBER + 2 * HOUR,
    )  # fmt: skip
    first, second = facts().filter(request_key=request.pk)
    assert (second.version, second.correction) == (2, "settlement")
    assert first.used_until - second.used_until == 4 * HOUR
    assert (second.charge_quantity, second.charge_amount) == (4, 40000)
    assert list(UsageFact.objects.in_city_view().current()) == [second]
    assert verifying.without_fact() == 0
    used = sum(DailyRollup.unscoped.filter(side="owner").values_list("used", flat=True))
    assert used == 8 * 3600
    assert DayMark.unscoped.count() == 2
    counting.count_days(now=NOVEMBER + 3 * HOUR)
    mine = DailyRollup.unscoped.filter(side="owner")
    assert sum(mine.values_list("used", flat=True)) == 4 * 3600
    assert sum(mine.values_list("charged", flat=True)) == 40000
    assert list(verifying.differences()) == []


def _refused(sql, *params):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


def test_the_database_changes_no_fact_and_takes_no_untrue_one(lent):
    for sql in (
        f"UPDATE {TABLE} SET outcome = 'refused'",
        f"UPDATE {TABLE} SET owner_en = 'x'",
        f"DELETE FROM {TABLE}",
        f"INSERT INTO {TABLE} SELECT * FROM {TABLE}",
    ):
        _refused(sql)
    if connection.vendor == "postgresql":
        _refused(f"TRUNCATE {TABLE}")
    else:
        _refused(f"INSERT OR REPLACE INTO {TABLE} SELECT * FROM {TABLE}")
    columns = [f.column for f in UsageFact._meta.concrete_fields if not f.primary_key]
    for column, value in (
        ("state", "'underway'"), ("outcome", "'lost'"), ("version", "2"),
        ("correction", "'settlement'"), ("owner_key", "borrower_key"), ("units", "0"),
        ("used_until", "NULL"), ("last_day", "'2000-01-01'"), ("ends_at", "starts_at"),
        ("request_key", "request_key"),
    ):  # fmt: skip
        values = [value if name == column else name for name in columns]
        if column != "request_key":
            values[columns.index("request_key")] = "request_key + 1"
        _refused(
            f"INSERT INTO {TABLE} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {TABLE}"
        )
    assert facts().count() == 1


WRITES = ("INSERT", "UPDATE", "DELETE")


def writes_of_reports(move) -> list[str]:
    """The statements of a move that write what the reports keep."""
    sent = []

    def keep(execute, sql, params, many, context):
        sent.append(str(sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        move()
    return [sql for sql in sent if sql.startswith(WRITES) and '"reports_' in sql]


@pytest.mark.parametrize("step", ["decline", "withdraw", "cancel", "close", "not_collected"])
def test_ending_a_request_writes_its_fact_and_at_most_one_mark(town, step):
    loan = town.ask(town.devices[0], hours=40)
    if step in ("cancel", "close", "not_collected"):
        town.approve(loan)
    if step == "close":
        town.now += HOUR
        town.hand_over(loan)
        town.now += 50 * HOUR  # late, over midnight
        town.bring_back(loan)
    town.now += 3 * DAY if step in ("close", "not_collected") else HOUR / 2
    act = town.not_collected if step == "not_collected" else lambda: getattr(town, step)(loan)
    writes = writes_of_reports(act)
    assert facts().count() == 1
    assert 1 <= len(writes) <= 2
    assert "reports_usagefact" in writes[0] + writes[-1]


def test_closing_costs_one_row_more_and_leaves_no_mark(town):
    loan = town.lend(town.devices[0], hours=60)
    town.now += 50 * HOUR
    town.bring_back(loan)
    marks = DayMark.unscoped.count()
    town.now += timedelta(days=2)
    town.close(loan)
    assert (facts().count(), DayMark.unscoped.count()) == (1, marks)


def test_facts_that_somebody_else_wrote_meanwhile_are_left_alone(town):
    """Two at once: both have looked, one has written."""
    for number in range(2):
        make.sharing_request(
            town.devices[1], town.borrower, state="declined", now=town.now, ended_at=town.now,
            decision_text=f"a\tb\\{number}\nc",
        )  # fmt: skip
    town.devices[1].name_en = "Tab\tand \\N\nline"
    town.devices[1].save()
    found = list(usage._without_fact(0))
    usage._write(found[:1], around_all(), town.now)
    usage._write(found, around_all(), town.now)
    assert list(facts().values_list("request_key", flat=True)) == [row.pk for row in found]
    assert {fact.resource_en for fact in facts()} == {"Tab\tand \\N\nline"}
    assert {fact.decided_at for fact in facts()} == {row.decided_at for row in found}
