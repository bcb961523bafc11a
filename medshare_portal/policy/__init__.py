"""Policy packs: every threshold of every rule, per jurisdiction, in one TOML file each.

``days/`` has the public holidays and make-up working days of each as far as they are announced.
"""

import csv
import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from types import SimpleNamespace

from django.conf import settings

FOLDER = Path(__file__).parent
PACKS = ("CN", "EU", "UK", "generic")


class UnknownPack(LookupError):
    """POLICY_PACK names no file."""


@cache
def load(name: str) -> SimpleNamespace:
    """A pack as nested namespaces (``policy.request.hold_minutes``); raises UnknownPack."""
    if name not in PACKS:
        raise UnknownPack(f"POLICY_PACK={name!r}; known are {', '.join(PACKS)}")
    generic = tomllib.loads((FOLDER / "generic.toml").read_text(encoding="utf-8"))
    own = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    sections = {key: {**generic.get(key, {}), **own.get(key, {})} for key in generic | own}
    return SimpleNamespace(**{key: SimpleNamespace(**values) for key, values in sections.items()})


def current() -> SimpleNamespace:
    """The deployment's pack."""
    return load(settings.POLICY_PACK)


@cache
def days(name: str) -> dict[date, dict[str, str]]:
    """The days of a pack that are not as their weekday, each with its ``sort`` and names.

    CN: for 2026 the State Council's notice 国办发明电〔2025〕7号 (4 November 2025), the days worked
    for them included; for 2027 only the days that the regulation on public holidays itself names,
    until the notice of that year is entered here or by the city.
    """
    with (FOLDER / "days" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return {date.fromisoformat(row["day"]): row for row in csv.DictReader(lines)}


def current_days() -> dict[date, dict[str, str]]:
    """The days of the deployment's pack."""
    return days(settings.POLICY_PACK)
