import re
from pathlib import Path

import pytest

from medshare_portal import policy

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("medshare_portal", "resources", "scheduling", "reports")
# Read by a name that is put together: answer_time in scheduling/actions/requests.py.
BY_PRIORITY = re.compile(r"(sla_\w+_hours|offer_\w+_minutes)")


def test_every_threshold_is_read_somewhere():
    source = "\n".join(
        path.read_text() for package in PACKAGES for path in (ROOT / package).rglob("*.py")
    )
    values = vars(policy.load("generic")).values()
    names = {name for section in values for name in vars(section)}
    unread = {name for name in names if not re.search(rf"\b{name}\b", source)}
    assert {name for name in unread if not BY_PRIORITY.fullmatch(name)} == set()


@pytest.mark.parametrize("name", policy.PACKS)
def test_a_pack_names_only_thresholds_that_the_generic_one_has(name):
    generic, pack = policy.load("generic"), policy.load(name)
    assert {key: set(vars(section)) for key, section in vars(pack).items()} == {
        key: set(vars(section)) for key, section in vars(generic).items()
    }


def test_an_unknown_pack_is_refused():
    with pytest.raises(policy.UnknownPack, match="XX"):
        policy.load("XX")
