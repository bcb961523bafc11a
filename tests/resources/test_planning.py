"""What PostgreSQL expects of the catalogue's most usual question."""

import json

import pytest
from django.db import connection

from resources.models import Resource
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
MANY = 300


def devices(number, *, start, **fields):
    owner = Resource.unscoped.first()
    Resource.unscoped.bulk_create(
        Resource(
            institution_id=owner.institution_id,
            site_id=owner.site_id,
            category_id=owner.category_id,
            code=f"P{start + count}",
            kind="equipment",
            name_en="Device",
            public_id=f"planned{start + count}",
            **fields,
        )
        for count in range(number)
    )


def expected_rows(rows):
    statement, parameters = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
        (plan,) = cursor.fetchone()
    plan = json.loads(plan) if isinstance(plan, str) else plan
    return plan[0]["Plan"]["Plan Rows"]


def test_the_columns_are_known_together():
    """One by one they would say: a ninth is listed for all."""
    make.equipment(make.institution("renhe"))
    devices(MANY, start=0, status="listed", visibility="all")
    devices(MANY, start=MANY, status="draft", visibility="private")
    devices(MANY, start=2 * MANY, status="paused", visibility="named")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE resources_resource")
    rows = Resource.unscoped.filter(kind="equipment", status="listed", visibility="all")
    assert expected_rows(rows) == pytest.approx(rows.count(), rel=0.1)
