"""A city in which something is lent, and its numbers counted."""

import pytest

from tests.reports.counting.town import Town


@pytest.fixture
def town(db):
    return Town()
