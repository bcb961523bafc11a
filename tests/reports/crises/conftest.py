"""An official who is signed in, and two hospitals."""

import pytest

from tests import make


@pytest.fixture
def official(client):
    person = make.city_user()
    client.force_login(person)
    return person


@pytest.fixture
def pair():
    return make.institution("owner"), make.institution("borrower")
