"""What the database itself says of series and their dates."""

import pytest
from django.utils import timezone

from scheduling.models import Series
from tests import make
from tests.scheduling.guarantees.raw_sql import TABLE, refused, run, without

pytestmark = pytest.mark.django_db
SERIES = "scheduling_series"


@pytest.fixture
def sent(device, borrower):
    return make.series(device, borrower)


def test_a_date_is_between_the_two_of_its_series(device, borrower, sent):
    other = make.series(device, make.institution())
    said = refused(
        f"UPDATE {TABLE} SET borrower_id = %s WHERE series_id = %s", other.borrower_id, sent.pk
    )
    assert "request_of_its_series" in said
    without("request_of_its_series")
    run(f"UPDATE {TABLE} SET borrower_id = %s WHERE series_id = %s", other.borrower_id, sent.pk)


def test_a_request_neither_joins_nor_leaves_a_series(device, borrower, sent):
    made = make.sharing_request(device, borrower)
    sql = f"UPDATE {TABLE} SET series_id = %s WHERE id = %s"
    assert "request_stays_in_its_series" in refused(sql, sent.pk, made.pk)
    assert "request_stays_in_its_series" in refused(
        f"UPDATE {TABLE} SET series_id = NULL WHERE series_id = %s", sent.pk
    )
    without("request_stays_in_its_series")
    run(sql, sent.pk, made.pk)


def test_the_owner_of_a_series_owns_its_resource(device, borrower, sent):
    copy = (
        f"INSERT INTO {SERIES} (resource_id, owner_id, borrower_id, kind, rule, created_at, "
        "created_by_id, counted_from) SELECT resource_id, %s, borrower_id, kind, rule, created_at, "
        f"created_by_id, counted_from FROM {SERIES}"
    )
    stranger = make.institution().pk
    assert "series_owner_owns" in refused(copy, stranger)
    without("series_owner_owns")
    run(copy, stranger)


@pytest.mark.parametrize("column", ["owner_id", "borrower_id", "created_by_id", "kind", "rule"])
def test_what_a_series_is_never_changes(sent, column):
    value = {
        "owner_id": make.institution().pk,
        "borrower_id": make.institution().pk,
        "created_by_id": make.user().pk,
        "kind": "staff",
        "rule": "FREQ=DAILY;COUNT=2",
    }[column]
    sql = f"UPDATE {SERIES} SET {column} = %s"
    assert "series_stays_what_it_is" in refused(sql, value)
    without("series_stays_what_it_is")
    run(sql, value)


def test_half_a_question_and_half_a_confirmation_are_refused(sent):
    now = timezone.now()
    assert "series_question_whole" in refused(f"UPDATE {SERIES} SET confirm_asked_at = %s", now)
    assert "series_question_whole" in refused(
        f"UPDATE {SERIES} SET confirm_asked_at = %s, confirm_due_at = %s", now, now
    )
    assert "series_confirmation_whole" in refused(f"UPDATE {SERIES} SET confirmed_at = %s", now)


def test_nobody_has_a_series_at_home(device, sent):
    without("series_stays_what_it_is")
    assert "series_not_to_oneself" in refused(f"UPDATE {SERIES} SET borrower_id = owner_id")
    assert Series.unscoped.get().borrower_id != device.institution_id
