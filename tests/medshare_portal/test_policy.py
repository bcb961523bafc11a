import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from medshare_portal import policy
from scheduling.deadlines import Step
from scheduling.states import Priority

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("medshare_portal", "resources", "scheduling", "reports")
# Read by a name that is put together.
BY_PRIORITY = re.compile(r"offer_\w+_minutes")
# Read by a name that is put together: ``allowed`` in scheduling/deadlines.py.
BY_STEP = set(Step)


def test_every_threshold_is_read_somewhere():
    source = "\n".join(
        path.read_text() for package in PACKAGES for path in (ROOT / package).rglob("*.py")
    )
    values = vars(policy.load("generic")).values()
    names = {name for section in values for name in vars(section)}
    unread = {name for name in names if not re.search(rf"\b{name}\b", source)}
    assert {name for name in unread - BY_STEP if not BY_PRIORITY.fullmatch(name)} == set()


def test_every_step_has_its_hours_for_every_priority():
    clocks = policy.load("generic").clocks
    assert {step: set(getattr(clocks, step)) for step in Step} == {
        step: set(Priority) for step in Step
    }
    assert set(clocks.round_the_clock) <= set(Priority)


@pytest.mark.parametrize("name", policy.PACKS)
def test_the_days_of_a_pack_are_of_a_known_sort_and_named_in_both_languages(name):
    days = policy.days(name).values()
    assert {row["sort"] for row in days} <= {"holiday", "working"}
    assert all(row["name_en"] and row["name_zh"] for row in days)


@pytest.mark.parametrize("name", policy.PACKS)
def test_a_pack_names_only_thresholds_that_the_generic_one_has(name):
    generic, pack = policy.load("generic"), policy.load(name)
    assert {key: set(vars(section)) for key, section in vars(pack).items()} == {
        key: set(vars(section)) for key, section in vars(generic).items()
    }


def test_an_unknown_pack_is_refused():
    with pytest.raises(policy.UnknownPack, match="XX"):
        policy.load("XX")


def test_the_days_of_2026_are_those_of_the_state_councils_notice():
    """国办发明电〔2025〕7号: first and last day off, and the days worked for them."""
    off = [
        ("01-01", 3), ("02-15", 9), ("04-04", 3), ("05-01", 5), ("06-19", 3), ("09-25", 3),
        ("10-01", 7),
    ]  # fmt: skip
    first = [(date.fromisoformat(f"2026-{day}"), length) for day, length in off]
    holidays = {day + timedelta(days=n) for day, length in first for n in range(length)}
    worked = {"01-04", "02-14", "02-28", "05-09", "09-20", "10-10"}
    days = {day: row["sort"] for day, row in policy.days("CN").items() if day.year == 2026}
    assert {day for day, sort in days.items() if sort == "holiday"} == holidays
    assert {f"{day:%m-%d}" for day, sort in days.items() if sort == "working"} == worked
    # What is worked for a holiday is a weekend.
    assert all(day.weekday() >= 5 for day, sort in days.items() if sort == "working")
