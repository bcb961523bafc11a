"""Every list page asks the database equally often for one row and for thirty."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from medshare_portal import audit
from tests import make
from tests.access.table import EVERYBODY

FEW, MANY = 1, 30
# Page → queries, the session's and the frame's included.
COUNTS = {
    "reports:home": 32,
    "resources:resource-list": 7,
    "resources:offer-list": 7,
    "resources:block-list": 7,
    "scheduling:find": 18,
    "scheduling:calendar": 12,
    "scheduling:inbox": 22,
    "scheduling:inbox?tab=asked": 10,
    "scheduling:inbox?tab=done": 10,
    "scheduling:lending": 11,
    "scheduling:borrowing": 11,
    "portal:notifications": 6,
    "portal:audit": 7,
}


class Growing:
    """One hospital whose every list has ``rows`` rows."""

    def __init__(self, world):
        self.world, self.rows = world, 0
        self.block_device = make.equipment(world.owner, last_safety_test=world.now.date())
        make.offer(self.block_device, now=world.now)

    def grow(self, rows):
        while self.rows < rows:
            self.rows += 1
            self._one_more()

    def _one_more(self):
        world = self.world
        ours = self._device(world.owner)
        theirs = self._device(world.borrower)
        people = {"by": world.person("borrower").user, "decided_by": world.person("owner").user}
        make.sharing_request(ours, world.borrower, now=world.now, **people)
        self._running(ours, world.borrower, **people)
        own = {"by": world.person("owner").user, "decided_by": world.person("borrower").user}
        make.sharing_request(theirs, world.owner, now=world.now, **own)
        self._running(theirs, world.owner, **own)
        for days, state in ((3, "declined"), (5, "closed")):
            starts = world.now - timedelta(days=days, minutes=self.rows)
            make.sharing_request(
                ours, world.borrower, state=state, starts_at=starts, now=world.now, **people
            )
        self._traces()

    def _device(self, institution):
        device = make.equipment(institution, last_safety_test=self.world.now.date())
        make.offer(device, now=self.world.now)
        return device

    def _running(self, device, borrower, **people):
        make.sharing_request(
            device, borrower, state="underway", starts_at=self.world.now - timedelta(hours=3),
            now=self.world.now, **people,
        )  # fmt: skip

    def _traces(self):
        world, user = self.world, self.world.person("owner").user
        world.notification(user, key=f"notice {self.rows}")
        starts = world.now + timedelta(hours=2 * self.rows)
        make.block(self.block_device, starts, starts + timedelta(hours=1), by=user)
        audit.record(
            chains=[world.owner.slug], by=user, action="resource.update", obj=self.block_device,
            now=world.now,
        )  # fmt: skip


def address_of(page, growing):
    name, _mark, query = page.partition("?")
    arguments = [growing.world.owner.slug]
    if name == "resources:block-list":
        arguments.append(growing.block_device.pk)
    if name == "scheduling:find":
        starts = growing.world.now + timedelta(hours=30)
        times = (starts, starts + timedelta(hours=4))
        query = "starts_at={:%Y-%m-%dT%H:%M}&ends_at={:%Y-%m-%dT%H:%M}".format(*times)
    return f"{reverse(name, args=arguments)}?{query}"


def queries_of(client, address):
    client.get(address)  # the first one of a session writes when it began
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in captured]


@pytest.mark.parametrize("rows", [FEW, MANY])
def test_every_list_asks_as_often_for_thirty_rows_as_for_one(world, rows):
    growing = Growing(world)
    growing.grow(rows)
    client = world.person("owner", *EVERYBODY)
    found = {page: len(queries_of(client, address_of(page, growing))) for page in COUNTS}
    assert found == COUNTS
