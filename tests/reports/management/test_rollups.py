"""manage.py rollups: verify names what differs, rebuild repairs it, nonsense is refused."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from reports.models import DailyRollup, UsageFact
from tests import make
from tests.reports.counting.town import DAY, HOUR

pytestmark = pytest.mark.django_db


@pytest.fixture
def past():
    """A share that was closed five days ago, before there were facts."""
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    starts = now - 8 * DAY
    return make.sharing_request(
        make.equipment(make.institution("owner")), make.institution("borrower"), state="closed",
        starts_at=starts, ends_at=starts + 30 * HOUR, now=starts, ended_at=now - 5 * DAY,
    )  # fmt: skip


def run(capsys, *arguments):
    call_command("rollups", *arguments)
    return capsys.readouterr().out


def test_a_past_is_rebuilt_with_its_facts_and_verified(past, capsys):
    text = run(capsys, "--rebuild")
    assert "1 facts of use written" in text
    assert "2 of 2 institutions" in text
    assert UsageFact.unscoped.get().request_key == past.pk
    used = sum(DailyRollup.unscoped.filter(side="owner").values_list("used", flat=True))
    assert used == 30 * 3600
    assert "what counting them again comes to" in run(capsys, "--verify")
    assert "0 rows changed" in run(capsys, "--rebuild")


def test_what_differs_is_named_and_fails(past, capsys):
    run(capsys, "--rebuild")
    row = DailyRollup.unscoped.filter(side="owner", used__gt=0).order_by("day").first()
    DailyRollup.unscoped.filter(pk=row.pk).update(used=1)
    # The row itself, and the sums of the city that are made of it.
    with pytest.raises(CommandError, match="3 numbers differ, 0 facts are missing"):
        call_command("rollups", "--verify")
    assert f"used: stored 1, counted {row.used}" in capsys.readouterr().out
    run(capsys, "--rebuild", f"--first={row.day}", f"--last={row.day}")
    run(capsys, "--verify")


def test_a_missing_fact_fails(past, capsys):
    with pytest.raises(CommandError, match="1 facts are missing"):
        call_command("rollups", "--verify")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--rebuild", "--first=2026-02-02", "--last=2026-02-01"], "comes first"),
        (["--rebuild", "--first=1826-01-01", "--last=2026-01-01"], "20 years"),
        (["--rebuild", "--verify"], "not allowed"),
        (["--verify", "--first=yesterday"], "invalid"),
    ],
)
def test_impossible_days_are_refused(arguments, said, db):
    with pytest.raises(CommandError, match=said):
        call_command("rollups", *arguments)
