"""Which resources the calendar lists, and that a page of them is not sorted out of the city."""

import pytest
from django.db import connection

from resources.models import Category, Resource
from scheduling.queries.calendar_rows import LISTED, _listed, _visible, visible_rows
from tests import make

pytestmark = pytest.mark.django_db


def plan_of(resources) -> list[str]:
    sql, values = _listed(resources)[:51].query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", values)
        return [row[-1] for row in cursor.fetchall()]


@pytest.mark.sqlite
def test_a_page_of_all_resources_is_read_in_the_order_of_an_index():
    here = make.institution("renhe")
    assert not any("ORDER BY" in step for step in plan_of(_visible(here)))
    by_own_kind = Resource.objects.visible_to(here).filter(status__in=LISTED, kind__in=["a", "b"])
    assert any("ORDER BY" in step for step in plan_of(by_own_kind))  # what it would cost


def test_only_what_is_lent_for_a_time_is_listed():
    owner, reader = make.institution("renhe"), make.institution("xihu")
    device, lot = make.equipment(owner), make.medicine_lot(owner)
    Resource.unscoped.filter(pk=lot.pk).update(status="listed", visibility="all")
    assert Category.objects.filter(kind="medicine").exists()
    rows = visible_rows(reader, None, first=0, count=51)
    assert [row.pk for row in rows] == [device.pk]
