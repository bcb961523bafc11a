"""What the database itself says of kept filters."""

import pytest
from django.utils import timezone

from scheduling.models import SavedFilter
from tests import make
from tests.scheduling.guarantees.raw_sql import refused, run

pytestmark = pytest.mark.django_db
INSERT = (
    "INSERT INTO scheduling_savedfilter "
    "(institution_id, user_id, name, query, is_default, created_at) VALUES (%s, %s, %s, %s, %s, %s)"
)


@pytest.fixture
def keeper():
    return make.user(at=make.institution("renhe"), role="approver")


def values(keeper, name="Late", query="due=0", is_default=False, at=None):
    here = at or keeper.groups.get().role_group.institution
    return (here.pk, keeper.pk, name, query, is_default, timezone.now())


def test_a_name_is_taken_once_per_person_and_institution(keeper):
    run(INSERT, *values(keeper))
    assert "saved_filter_name_once" in _named(refused(INSERT, *values(keeper)))
    run(INSERT, *values(make.user(at=make.institution("xihu"), role="viewer")))
    assert SavedFilter.unscoped.count() == 2


def test_one_filter_at_most_opens_by_itself(keeper):
    run(INSERT, *values(keeper, is_default=True))
    run(INSERT, *values(keeper, name="Another"))
    assert "saved_filter_one_default" in _named(
        refused(INSERT, *values(keeper, name="Third", is_default=True))
    )


@pytest.mark.parametrize("wrong", [{"name": ""}, {"query": ""}])
def test_a_filter_has_a_name_and_says_something(keeper, wrong):
    assert "saved_filter_says_something" in refused(INSERT, *values(keeper, **wrong))


def _named(error):
    """SQLite names the columns of a unique index and not the index."""
    columns = {
        "scheduling_savedfilter.user_id, scheduling_savedfilter.institution_id, "
        "scheduling_savedfilter.name": "saved_filter_name_once",
        "scheduling_savedfilter.user_id, scheduling_savedfilter.institution_id": (
            "saved_filter_one_default"
        ),
    }
    return next((name for text, name in columns.items() if error.endswith(text)), error)
