import pytest

from tests import make


@pytest.fixture
def owner():
    return make.institution("owner")


@pytest.fixture
def other():
    return make.institution("other")


@pytest.fixture
def keeper(owner, client):
    """Who may enter, publish and decide at the owner, signed in."""
    person = make.user(at=owner, roles=("coordinator", "information_steward"))
    client.force_login(person)
    return person
