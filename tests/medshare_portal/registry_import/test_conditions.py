"""Conditions of check constraints answer in Python as they do in the database."""

from datetime import date

import pytest
from django.db.models import CheckConstraint, F, Q, Value

from medshare_portal.models import ConsortiumMembership, Institution
from medshare_portal.registry_import.conditions import NotUnderstood, columns_of, holds
from medshare_portal.registry_import.institutions import INSTITUTIONS, SITES
from resources.models import Equipment
from resources.registry_import import CATEGORIES, DEVICES

CONDITIONS = [
    Q(beds=0),
    ~Q(beds=0),
    Q(beds__gt=0) | Q(name_en="x"),
    Q(beds__lte=F("service_population")),
    Q(beds__range=(5, 7)),
    Q(licence_valid_to__isnull=True),
    ~Q(licence_valid_to__gte=date(2026, 1, 1)),
    Q(status__in=["active", "closed"]) & ~(Q(name_en="") | Q(beds__lt=5)),
]
ROWS = [
    {},
    {"beds": 7, "service_population": 7, "name_en": "x", "status": "active"},
    {"beds": 3, "licence_valid_to": date(2025, 1, 1), "status": "closed", "name_en": "y"},
]


@pytest.mark.parametrize("condition", CONDITIONS, ids=str)
@pytest.mark.parametrize("fields", ROWS, ids=str)
def test_the_answer_is_the_databases(db, condition, fields):
    row = Institution(**fields)
    values = {field.name: getattr(row, field.name) for field in row._meta.concrete_fields}
    from_database = condition.check({name: _typed(row, name, v) for name, v in values.items()})
    assert (holds(condition, row) is not False) == from_database


def _typed(row, name, value):
    return Value(value, row._meta.get_field(name))


def test_every_constraint_of_imported_tables_is_understood():
    tables = (INSTITUTIONS, SITES, CATEGORIES, DEVICES)
    models = {table.row_form._meta.model for table in tables} | {Equipment, ConsortiumMembership}
    for model in models:
        for constraint in model._meta.constraints:
            if isinstance(constraint, CheckConstraint):
                holds(constraint.condition, model())
                assert columns_of(constraint.condition) <= {f.name for f in model._meta.fields}


def test_an_unknown_lookup_is_not_guessed():
    with pytest.raises(NotUnderstood):
        holds(Q(slug__regex="a"), Institution(slug="a"))
