"""Arenas for the races: guarded as in production, and their unguarded twins."""

import pytest

from tests.races.arena import Arena


@pytest.fixture
def arena(idle_portal):
    """A function that starts a portal and opens an arena in it."""

    def start(*, workers=2, threads=1):
        return Arena(idle_portal.start(workers=workers, threads=threads))

    return start


@pytest.fixture
def unguarded_arena(idle_portal):
    """The same at a portal that lacks the named guards (see unguarded/without.py)."""

    def start(*guards, workers=2, threads=4):
        idle_portal.may_log_errors = True
        idle_portal.environment |= {
            "DJANGO_SETTINGS_MODULE": "tests.races.settings_unguarded",
            "MEDSHARE_UNGUARDED": ",".join(guards),
        }
        return Arena(idle_portal.start(workers=workers, threads=threads))

    return start
