"""The demo's statements: true lines of closed shares, older months closed, the last one in review."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db.models import Count

from demo.coordination import settle
from demo.coordination.settle import MONTHS
from reports.models import LineDispute, Statement, StatementLine
from scheduling.models import SharingRequest
from tests.demo.conftest import NOW

pytestmark = pytest.mark.django_db
LAST = date(2026, 10, 1)
SPAN = datetime(2026, 6, 30, 16, tzinfo=UTC), datetime(2026, 10, 31, 16, tzinfo=UTC)


def test_older_months_are_closed_and_the_last_one_is_in_review(city):
    states = set(Statement.unscoped.values_list("month", "state"))
    older = {(date(2026, month, 1), "closed") for month in (7, 8, 9)}
    assert states == older | {(LAST, "review")}
    assert MONTHS["small"] == len({month for month, _state in states})
    assert Statement.unscoped.filter(state="review", review_until__lte=NOW).count() == 0


def test_no_month_is_told_of_before_its_stories_can_have_happened(monkeypatch):
    told = []
    monkeypatch.setattr(settle.drafting, "draft_month", lambda **said: told.append(said["now"]))
    for name in ("_settled", "_disputed", "_late"):
        monkeypatch.setattr(settle, name, lambda world, month, at: told.append(at))
    monkeypatch.setattr(settle.closing, "close_due", lambda *, now: told.append(now))
    first = datetime(2026, 11, 30, 16, tzinfo=UTC)  # midnight in Shanghai
    for minutes in range(0, 60 * 30, 45):
        moment = first + timedelta(minutes=minutes)
        told.clear()
        settle.make_settlement(SimpleNamespace(moment=moment, scale=SimpleNamespace(name="small")))
        assert max(told) + settle.STORIES <= moment


def test_settled_months_have_lines_of_every_kind_that_costs_something(city):
    shares = StatementLine.unscoped.filter(sort="share", price__gt=0)
    units = set(shares.values_list("kind", "unit"))
    assert units == {
        ("equipment", "hour"), ("staff", "hour"), ("staff", "shift"), ("medicine", "pack"),
    }  # fmt: skip
    ours = shares.filter(statement__state="closed", creditor__slug="renhe")
    assert {"equipment", "medicine"} <= set(ours.values_list("kind", flat=True))


def test_every_closed_share_of_these_months_stands_on_one_line(city):
    shares = StatementLine.unscoped.filter(sort="share")
    assert shares.count() == shares.aggregate(n=Count("sharing_request", distinct=True))["n"]
    closed = SharingRequest.unscoped.filter(
        state="closed", ended_at__gte=SPAN[0], ended_at__lt=SPAN[1]
    )
    assert shares.count() == closed.count() > 300
    line = shares.select_related("sharing_request").order_by("pk").first()
    share = line.sharing_request
    used = (share.actual_ends_at - share.actual_starts_at).total_seconds() * share.units
    assert abs(float(line.quantity) * 3600 - used) < 19  # a hundredth of an hour is 36 seconds


def test_renhe_finds_a_dispute_to_answer_and_every_other_state(city):
    states = set(LineDispute.unscoped.values_list("state", flat=True))
    assert states == {"open", "agreed", "refused", "with_city"}
    to_answer = LineDispute.unscoped.filter(state="open", line__creditor__slug="renhe")
    assert to_answer.count() == 1
    late = StatementLine.unscoped.filter(sort="adjustment", statement__month=LAST)
    assert late.exclude(dispute__line__statement__month=LAST).count() == 1
