"""The search for people: how many statements it takes, and what it counts and reads once."""

from datetime import timedelta

import pytest

from medshare_portal import policy
from resources.models import Category
from scheduling.kinds.staff.queries.candidates import Group, Need, find
from tests import make

STATEMENTS = 23  # two counts, the nearest, who they are, and all that the rules look at


@pytest.fixture
def need(lending):
    return Need(
        host=lending.host,
        profession=Category.objects.get(kind="staff", slug="2221"),
        starts_at=lending.starts_at,
        ends_at=lending.ends_at,
        asked=lending.asked(),
    )


def with_a_past(lending, person):
    """Two shifts at home before the night that is asked for."""
    for days in (3, 5):
        make.shift(person, lending.starts_at - timedelta(days=days), 8, by=lending.manager)


def test_a_search_takes_as_many_statements_for_twelve_people_as_for_one(
    lending, need, django_assert_num_queries
):
    with_a_past(lending, lending.nurse)
    find(need, now=lending.now)  # compiles what is compiled once
    with django_assert_num_queries(STATEMENTS):
        assert find(need, now=lending.now).free == 1
    for number in range(11):
        home = make.institution(f"home-{number}")
        with_a_past(lending, make.compliant(home, lending.host))
    with django_assert_num_queries(STATEMENTS):
        found = find(need, now=lending.now)
    assert (found.free, len(found.groups[Group.COMPLIANT])) == (12, 12)


def test_somebody_who_works_then_is_offered_but_not_free(lending, need):
    busy = make.compliant(lending.home, lending.host)
    make.shift(busy, lending.starts_at + timedelta(hours=1), 2, by=lending.manager)
    found = find(need, now=lending.now)
    assert (found.skilled, found.offered, found.free) == (2, 2, 1)
    assert [each.resource for each in found.groups[Group.COMPLIANT]] == [lending.nurse]


def test_nobody_free_is_none_and_not_an_error(lending, need):
    make.shift(lending.nurse, lending.starts_at, 12, by=lending.manager)
    found = find(need, now=lending.now)
    assert (found.offered, found.free, found.left_out, found.nearly) == (1, 0, 0, 0)


def test_only_the_nearest_are_judged_and_the_others_counted(lending, need, monkeypatch):
    for number in range(3):
        make.compliant(make.institution(f"home-{number}"), lending.host)
    monkeypatch.setattr(policy.current().staff, "most_candidates", 2)
    found = find(need, now=lending.now)
    assert (found.free, found.left_out, found.nearly) == (4, 2, 2)
