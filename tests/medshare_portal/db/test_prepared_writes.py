"""A prepared write leaves the rows that ``save()`` and ``update()`` would leave."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import BigIntegerField, F
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from medshare_portal.db.prepared import AnyOf, Bind, Prepared, Texts
from medshare_portal.db.prepared_writes import NewValue, PreparedInsert, PreparedUpdate
from medshare_portal.models import AuditChain, Notification, SubmittedForm
from medshare_portal.tenancy import TenantNotSet
from tests import make

pytestmark = pytest.mark.django_db
KEY = Bind("pk", BigIntegerField())


@pytest.fixture
def person():
    return make.user("Nurse")


def notification(person, **fields):
    own = {"event": "request-asked", "event_key": "1", "context": {"名": ["x", 1]}}
    return Notification(user=person, created_at=timezone.now(), **(own | fields))


def columns(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_a_new_row_has_its_key_its_defaults_and_every_value(person, django_assert_num_queries):
    row = notification(person, object_id=7)
    with django_assert_num_queries(1):
        assert PreparedInsert(Notification).one(row)
    assert not row._state.adding
    assert columns(row) == columns(Notification.unscoped.get())


def test_many_rows_are_one_statement_and_none_is_no_statement(person, django_assert_num_queries):
    insert = PreparedInsert(Notification)
    with django_assert_num_queries(1):
        insert.many(notification(person, event_key=str(number)) for number in range(3))
        insert.many([])
    assert Notification.unscoped.count() == 3


def test_a_row_that_is_there_already_is_left_out_where_that_is_said(person):
    insert = PreparedInsert(Notification, conflict="(user_id, event_key) DO NOTHING")
    assert insert.one(notification(person))
    again = notification(person)
    assert not insert.one(again)
    assert again.pk is None
    with pytest.raises(IntegrityError), transaction.atomic():
        PreparedInsert(Notification).one(notification(person))


def test_an_update_changes_the_rows_that_its_queryset_finds(person):
    form = SubmittedForm.objects.create(user=person, key="k", created_at=timezone.now())
    update = PreparedUpdate(
        lambda: SubmittedForm.objects.filter(pk=KEY),
        result_url=NewValue(SubmittedForm, "result_url"),
        digest=F("key"),
    )
    assert update.run(pk=form.pk, result_url="/at/x/") == 1
    assert update.run(pk=form.pk + 1, result_url="/at/y/") == 0
    form.refresh_from_db()
    assert (form.result_url, form.digest) == ("/at/x/", "k")


def test_json_and_moments_are_written_as_the_model_writes_them(person):
    insert, now = PreparedInsert(Notification), timezone.now()
    insert.one(notification(person))
    update = PreparedUpdate(
        lambda: Notification.objects.addressed_to(Bind("user", BigIntegerField())),
        **{name: NewValue(Notification, name) for name in ("context", "read_at")},
    )
    update.run(user=person.pk, context={"other": None}, read_at=now)
    row = Notification.unscoped.get()
    assert (row.context, row.read_at) == ({"other": None}, now)


def test_an_update_without_a_scope_refuses_to_compile(person):
    update = PreparedUpdate(lambda: Notification.objects.filter(pk=KEY), mail_tries=F("pk"))
    with pytest.raises(TenantNotSet):
        update.run(pk=1)


def test_any_number_of_texts_is_one_statement():
    AuditChain.objects.bulk_create([AuditChain(name=name) for name in ("a", "b", "c")])
    chains = Prepared(
        lambda: AuditChain.objects.filter(AnyOf("name", Texts("names"))).order_by("name")
    )
    assert [row.name for row in chains.instances(names=["c", "a", "x"])] == ["a", "c"]
    assert chains.instances(names=[]) == []


@pytest.mark.django_db(transaction=True)
def test_a_lock_outside_a_transaction_is_refused():
    locked = Prepared(lambda: AuditChain.objects.select_for_update().filter(pk="a"))
    with transaction.atomic():
        assert locked.instances() == []
    assert connection.get_autocommit()
    with pytest.raises(TransactionManagementError):
        locked.instances()
