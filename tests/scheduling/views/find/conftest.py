"""An asker of Renhe, and a device of Dongbei on offer."""

import pytest
import time_machine

from tests import make
from tests.scheduling.views.find.search import NOW


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def borrower():
    return make.institution("renhe")


@pytest.fixture
def owner():
    return make.institution("dongbei")


@pytest.fixture
def device(owner):
    device = make.equipment(owner, code="DB-V-01", last_safety_test=NOW.date())
    make.offer(device, now=NOW, fee_per_hour=75)
    return device


@pytest.fixture
def asker(client, borrower):
    asker = make.user("asker", at=borrower, role="coordinator")
    client.force_login(asker)
    return asker
