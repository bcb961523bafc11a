import re
from collections import Counter
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


def test_the_year_of_china_has_its_holidays_and_the_days_worked_for_them():
    found = Counter((day.year, row["sort"]) for day, row in policy.days("CN").items())
    assert (found[2026, "holiday"], found[2026, "working"]) == (33, 6)


@pytest.mark.parametrize("name", policy.PACKS)
def test_a_pack_names_only_thresholds_that_the_generic_one_has(name):
    generic, pack = policy.load("generic"), policy.load(name)
    assert {key: set(vars(section)) for key, section in vars(pack).items()} == {
        key: set(vars(section)) for key, section in vars(generic).items()
    }


def test_an_unknown_pack_is_refused():
    with pytest.raises(policy.UnknownPack, match="XX"):
        policy.load("XX")
