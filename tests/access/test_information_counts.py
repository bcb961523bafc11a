"""Pages of information ask the database equally often for one row and for thirty."""

import pytest
from django.urls import reverse

from tests import make
from tests.access.table import EVERYBODY
from tests.access.test_query_counts import queries_of

FEW, MANY = 1, 30
# Page → queries, the session's and the frame's included.
COUNTS = {
    "scheduling:information-log": 5,
    "scheduling:information-glass": 6,
    "scheduling:inbox": 24,
    "scheduling:lending": 10,
    "resources:resource-list?kind=information": 7,
}


def grow(world, rows: int) -> None:
    """Requests to decide, looks, broken glass, each of an asset of its own."""
    asker = world.person("borrower").user
    for _row in range(rows):
        asset = make.asset(world.owner)
        make.access_request(asset, world.borrower, by=asker, now=world.now)
        broken = make.access_request(
            asset, world.borrower, state="underway", glass=True, by=asker, now=world.now
        )
        make.access_event(broken, now=world.now)


@pytest.mark.parametrize("page", COUNTS)
def test_a_page_asks_as_often_for_thirty_rows_as_for_one(world, page):
    name, _mark, query = page.partition("?")
    address = f"{reverse(name, args=[world.owner.slug])}?{query}"
    found = []
    for rows in (FEW, MANY - FEW):
        grow(world, rows)
        found.append(len(queries_of(world.person("owner", *EVERYBODY), address)))
    assert found == [COUNTS[page]] * 2
