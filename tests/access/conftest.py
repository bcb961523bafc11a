"""Three hospitals that share one request, and people of every role at each."""

import pytest

from tests.access.world import World


@pytest.fixture
def world(db):
    return World()
