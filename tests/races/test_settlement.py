"""Settlement under races and kill -9: each share on one line, each dispute settled once."""

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from reports.models import LineDispute, Statement, StatementLine
from reports.settlement.months import months_over
from tests import make
from tests.plugins.server import ROOT
from tests.races.arena import FEW, rounds, rush

pytestmark = pytest.mark.race
SHARES = 24
# The job of another process: small chunks, each a while apart, so that the runs meet.
SLOWLY = """
import time
from django.utils import timezone
from reports.settlement.actions import drafting
drafting.CHUNK, settle = 4, drafting._settle
def slowly(*arguments):
    time.sleep(0.15)
    return settle(*arguments)
drafting._settle = slowly
drafting.draft_due(now=timezone.now())
"""


@pytest.fixture
def shares(idle_portal):
    """Closed shares of last month between two institutions; the portal's environment."""
    east, west = make.institution("east"), make.institution("west")
    asker, decider = make.user(at=west, role="coordinator"), make.user(at=east, role="approver")
    (month,) = months_over(timezone.now(), 1, timezone.get_default_timezone())
    ended = datetime(month.year, month.month, 14, 2, tzinfo=UTC)
    for number in range(SHARES):
        starts = ended - timedelta(hours=9 * number + 9)
        make.sharing_request(
            make.equipment(east), west, state="closed", starts_at=starts, now=starts, by=asker,
            decided_by=decider, fee_per_hour="10", ended_at=ended,
        )  # fmt: skip
    return idle_portal.environment


def job(environment):
    command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", SLOWLY]
    return subprocess.Popen(command, cwd=ROOT, env=environment)


def each_share_stands_once():
    lines = StatementLine.unscoped
    assert lines.count() == lines.values("sharing_request").distinct().count() == SHARES
    assert Statement.unscoped.get().state == "review"
    assert sum(lines.values_list("amount", flat=True)) == SHARES * 8000


def test_two_runs_at_once_write_each_line_once(shares):
    runs = [job(shares), job(shares)]
    assert [run.wait(timeout=120) for run in runs] == [0, 0]
    each_share_stands_once()


def test_a_run_that_is_killed_leaves_whole_chunks_and_the_next_one_ends_it(shares):
    run = job(shares)
    deadline = time.monotonic() + 60
    while not StatementLine.unscoped.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    run.kill()
    run.wait(timeout=60)
    written = StatementLine.unscoped.count()
    assert written % 4 == 0
    assert 0 < written < SHARES
    assert not Statement.objects.in_city_view().exists()
    assert job(shares).wait(timeout=120) == 0
    each_share_stands_once()


def disputed(arena):
    line = make.statement_line(arena.device(), arena.borrowers[0], now=timezone.now())
    return make.line_dispute(line, now=timezone.now(), by=arena.askers[0].user)


def all_settle(arena, row):
    """Two answers and a withdrawal at the same moment."""
    agree, refuse = ({"agree": word, "text": "by the log"} for word in ("yes", "no"))
    one, other = arena.approvers[:2]
    return rush(
        [
            lambda: one.post("reports:dispute-answer", [row.pk], agree),
            lambda: other.post("reports:dispute-answer", [row.pk], refuse),
            lambda: arena.askers[0].post("reports:dispute-withdraw", [row.pk], {}),
        ]
    )


def test_of_those_who_settle_one_dispute_exactly_one_does(arena):
    arena = arena(threads=4).sign_in(askers=1, approvers=2)
    for _round in range(rounds(FEW)):
        row = disputed(arena)
        answers = all_settle(arena, row)
        assert sorted(answer.status for answer in answers) == [302, 409, 409]
        row.refresh_from_db()
        adjustments = StatementLine.unscoped.filter(dispute=row).count()
        assert adjustments == (row.state == "agreed")
    assert not LineDispute.unscoped.filter(state="open").exists()
