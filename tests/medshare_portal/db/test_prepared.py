"""A prepared statement answers what its queryset answers, whatever is bound."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.models import BigIntegerField, Count, DateTimeField, F
from django.test.utils import CaptureQueriesContext

from medshare_portal.db.prepared import AnyOf, Bind, Keys, Prepared
from medshare_portal.tenancy import TenantNotSet
from resources.models import Resource
from tests.make.catalogue import equipment
from tests.make.places import institution

pytestmark = pytest.mark.django_db
HERE = Bind("here", BigIntegerField())


def seen(here):
    return Resource.objects.visible_to(here).order_by("pk")


@pytest.fixture
def city():
    """Two institutions with a device each, one of them listed for all."""
    ours, theirs = institution("renhe"), institution("chengbei")
    return ours, [equipment(ours, visibility="all"), equipment(theirs, visibility="all")]


def test_rows_and_dictionaries_are_those_of_the_queryset(city):
    here, _resources = city
    columns = ("pk", "code", "institution__name_en", "created_at", "confirmed_at")
    rows = Prepared(lambda: seen(HERE).values_list(*columns)).rows(here=here.pk)
    dicts = Prepared(lambda: seen(HERE).values(*columns)).dicts(here=here.pk)
    assert rows == list(seen(here).values_list(*columns))
    assert dicts == list(seen(here).values(*columns))
    assert len(rows) == 2


def test_instances_come_with_what_is_selected_beside_them(city, django_assert_num_queries):
    here, _resources = city
    related = ("institution", "site", "equipment")
    prepared = Prepared(lambda: seen(HERE).select_related(*related).annotate(n=F("units") + 1))
    expected = list(seen(here).select_related(*related))
    with django_assert_num_queries(1):
        found = prepared.instances(here=here.pk)
        assert [(row, row.institution, row.site, row.equipment) for row in found] == [
            (row, row.institution, row.site, row.equipment) for row in expected
        ]
    assert [row.n for row in found] == [row.units + 1 for row in expected]
    assert [row.created_at for row in found] == [row.created_at for row in expected]
    assert not found[0]._state.adding


def test_any_number_of_keys_is_one_statement(city):
    here, resources = city
    prepared = Prepared(lambda: seen(HERE).filter(AnyOf("pk", Keys("keys"))).values_list("pk"))
    keys = [resource.pk for resource in resources]
    with CaptureQueriesContext(connection):
        assert prepared.column(here=here.pk, keys=keys) == keys
        assert prepared.column(here=here.pk, keys=keys[1:]) == keys[1:]
        assert prepared.column(here=here.pk, keys=[]) == []
        assert prepared.column(here=here.pk, keys=[0, -1]) == []


def test_moments_are_bound_and_read_in_utc(city):
    here, (first, _second) = city
    later = Bind("moment", DateTimeField())
    prepared = Prepared(lambda: seen(HERE).filter(created_at__gte=later).values_list("created_at"))
    assert first.created_at in prepared.column(here=here.pk, moment=first.created_at)
    newest = max(seen(here).values_list("created_at", flat=True))
    assert prepared.column(here=here.pk, moment=newest.replace(year=newest.year + 1)) == []


def test_aggregates_are_prepared_too(city):
    here, _resources = city
    prepared = Prepared(
        lambda: (
            seen(HERE).order_by().values("kind").annotate(n=Count("pk")).values_list("kind", "n")
        )
    )
    assert prepared.rows(here=here.pk) == [("equipment", 2)]


def test_a_statement_without_a_scope_is_never_prepared():
    with pytest.raises(TenantNotSet):
        Prepared(lambda: Resource.objects.order_by("pk")).rows()


def test_a_value_that_is_not_bound_is_an_error(city):
    with pytest.raises(KeyError, match="here"):
        Prepared(lambda: seen(HERE).values_list("pk")).rows()


def test_a_number_that_no_column_holds_finds_nothing(city):
    here, _resources = city
    one = Prepared(lambda: seen(HERE).filter(pk=Bind("pk", BigIntegerField())).values_list("pk"))
    some = Prepared(lambda: seen(HERE).filter(AnyOf("pk", Keys("keys"))).values_list("pk"))
    for number in (2**63, 10**18, 10**30, -(10**30)):
        assert one.column(here=here.pk, pk=number) == []
        assert some.column(here=here.pk, keys=[number]) == []


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York"])
@pytest.mark.parametrize("microsecond", [0, 250])
def test_a_moment_is_the_same_in_every_zone(city, zone, microsecond):
    here, resources = city
    moment = datetime(2026, 11, 1, 5, 30, 0, microsecond, tzinfo=UTC)
    Resource.unscoped.filter(pk=resources[0].pk).update(confirmed_at=moment)
    confirmed = Prepared(
        lambda: seen(HERE).filter(confirmed_at=Bind("moment", DateTimeField())).values_list("pk")
    )
    bound = moment.astimezone(ZoneInfo(zone))
    assert confirmed.column(here=here.pk, moment=bound) == [resources[0].pk]
    assert confirmed.column(here=here.pk, moment=None) == []
