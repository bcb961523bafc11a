"""The bounded reads of the catalogue against reading and sorting everything that fits."""

import random
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from medshare_portal.long_lists import MOST, MoreKeys
from resources.kinds import kinds
from resources.models import Resource
from resources.queries.finding import COUNTED, _last_time, found_keys
from resources.queries.narrowing import asking, by_freshness, catalogue, chosen_of, narrowed
from resources.search import OWNER_MARK
from tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
PAGE = 50
KIND = kinds["equipment"]
WORDS = ["ventilator", "vent", "pump", "rh", "05", "呼吸", "吸机", "机", "输液"]


@pytest.fixture
def owners():
    return [make.institution(slug) for slug in ("renhe", "dongbei", "xihu")]


def filled_city(owners, number, chance):
    """Devices of every status, confirmed at times of which many are equal, or never."""
    made = []
    for count in range(number):
        owner = chance.choice(owners)
        words = chance.sample(WORDS, 3)
        confirmed = NOW - timedelta(hours=chance.randrange(0, 900))
        made.append(
            Resource(
                institution=owner,
                site=owner.sites.first(),
                kind="equipment",
                category=make.category(chance.choice(["vent", "pump"])),
                code=f"C{count}",
                name_en=f"Device {count}",
                status=chance.choice(["listed", "listed", "listed", "paused", "draft"]),
                visibility=chance.choice(["all", "all", "private", "named"]),
                confirmed_at=chance.choice([confirmed, confirmed, confirmed, None]),
                public_id=f"city{count}",
                search_text=" ".join([*words, OWNER_MARK + chance.choice(WORDS)]),
            )
        )
    Resource.unscoped.bulk_create(made)


def bounded(reader, until, **cleaned):
    return found_keys(cleaned, (), institution=reader, kind=KIND, here=None, now=NOW, until=until)


def exhaustive(reader, **cleaned):
    who = asking(reader, NOW)
    rows = narrowed(catalogue(who, KIND), chosen_of(cleaned), who, KIND, None)
    return list(rows.order_by(*by_freshness()).values_list("pk", flat=True))


def searches(owners):
    return [
        {},
        {"q": "vent"},
        {"q": "呼吸机"},
        {"q": "机"},
        {"q": "rh05 pump"},
        {"q": "vent rh"},
        {"institution": owners[1]},
        {"status": "paused"},
        {"scope": "others", "q": "p"},
        {"category": make.category("pump"), "q": "05"},
    ]


@pytest.mark.parametrize("number", [60, 2600])
def test_every_page_is_that_of_all_that_fits_in_order(owners, number):
    filled_city(owners, number, random.Random(number))
    bounds = set()
    for cleaned in searches(owners):
        expected = exhaustive(owners[0], **cleaned)
        for until in (PAGE, COUNTED - PAGE, COUNTED, 3 * COUNTED):
            found = bounded(owners[0], until, **cleaned)
            assert len(found) == min(len(expected), COUNTED if until < COUNTED else MOST)
            assert isinstance(found, MoreKeys) == (len(expected) > len(found))
            assert found[until - PAGE : until] == expected[until - PAGE : until]
            bounds.add(type(found))
    assert bounds == ({list} if number == 60 else {list, MoreKeys})


def test_a_page_of_what_is_common_reads_a_part_of_the_city(owners):
    filled_city(owners, 2000, random.Random(4))
    _last_time.cache_clear()
    assert questions_of_a_page(owners[0]) == (2, COUNTED + 1)
    assert questions_of_a_page(owners[0]) == (1, PAGE)  # it was common the last time


def test_what_was_common_the_last_time_and_is_no_longer_is_all_there(owners):
    filled_city(owners, 2000, random.Random(4))
    bounded(owners[0], PAGE, q="vent")
    Resource.unscoped.exclude(institution=owners[0]).update(visibility="private")
    found = bounded(owners[0], PAGE, q="vent")
    assert not isinstance(found, MoreKeys)
    assert found == exhaustive(owners[0], q="vent")


def questions_of_a_page(reader):
    """How many statements a page takes, and how many rows the first asks for at the most."""
    with CaptureQueriesContext(connection) as queries:
        assert len(bounded(reader, PAGE, q="vent")[:PAGE]) == PAGE
    return len(queries), int(re.findall(r"LIMIT (\d+)", queries[0]["sql"])[-1])


def test_what_fits_and_was_confirmed_long_ago_or_never_comes_last_and_comes(owners):
    reader = owners[0]
    filled_city(owners, 700, random.Random(5))
    fitting = Resource.unscoped.filter(institution=reader)
    Resource.unscoped.update(search_text="pump")
    fitting.update(search_text="vent", confirmed_at=None)
    more = [
        Resource(
            institution=reader,
            site=reader.sites.first(),
            kind="equipment",
            category=make.category("vent"),
            code=f"M{count}",
            name_en="More",
            public_id=f"more{count}",
            search_text="vent",
        )
        for count in range(COUNTED)
    ]
    Resource.unscoped.bulk_create(more)
    expected = exhaustive(reader, q="vent")
    assert len(expected) > COUNTED
    assert bounded(reader, PAGE, q="vent")[:PAGE] == expected[:PAGE]
