"""What `make demo` installs is named in pyproject.toml, pinned, and from no particular registry."""

import re
from importlib import metadata
from pathlib import Path

import pytest
from django.conf import settings
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import environment

CONSTRAINTS = Path(settings.BASE_DIR) / "constraints.txt"


def pinned():
    lines = CONSTRAINTS.read_text(encoding="utf-8").splitlines()
    requirements = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(found.name): str(found.specifier) for found in requirements}


def needed(names):
    """Everything that these requirements bring with them here, by name."""
    todo, found = [Requirement(name) for name in names], set()
    while todo:
        requirement = todo.pop()
        name = canonicalize_name(requirement.name)
        extras = requirement.extras or {""}
        if name not in found or requirement.extras:
            found.add(name)
            below = map(Requirement, metadata.requires(name) or [])
            todo += [r for r in below if _applies(r, extras) and r.name not in found]
    return found


def _applies(requirement, extras):
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in extras)


@pytest.mark.parametrize("extras", [(), ("test",)])
def test_every_package_that_is_installed_is_pinned(extras):
    assert needed(environment.requirements(extras)) - set(pinned()) == set()


def test_nothing_is_pinned_that_nobody_needs():
    # typing_extensions is needed below Python 3.13 only.
    unused = set(pinned()) - needed(environment.requirements(("test",)))
    assert unused - {"typing-extensions"} == set()


def test_the_pins_are_exact_and_name_no_registry():
    text = CONSTRAINTS.read_text(encoding="utf-8")
    assert {spec[:2] for spec in pinned().values()} == {"=="}
    assert re.findall(r"https?:|--(?:extra-)?index|--hash|@ ", text) == []


def test_the_tests_run_on_the_pinned_versions():
    installed = {name: f"=={metadata.version(name)}" for name in ("django", "gunicorn", "psycopg")}
    assert {name: pinned()[name] for name in installed} == installed
