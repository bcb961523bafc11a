"""An unscoped query of a tenanted model refuses to compile, whichever way it is asked."""

import pytest
from django.db.models import Count, Exists, OuterRef, Q

from medshare_portal.models import AuditEvent, Institution, Notification, RoleGroup, Site
from medshare_portal.tenancy import TenantNotSet
from resources.models import Offer, Resource
from scheduling.models import SharingRequest
from tests import make

pytestmark = pytest.mark.django_db

ATTACKS = {
    "list": lambda rows: list(rows.all()),
    "first": lambda rows: rows.first(),
    "get": lambda rows: rows.get(pk=1),
    "exists": lambda rows: rows.exists(),
    "excluded exists": lambda rows: rows.exclude(pk=1).exists(),
    "count": lambda rows: rows.count(),
    "aggregate": lambda rows: rows.aggregate(Count("pk")),
    "annotated count": lambda rows: rows.annotate(n=Count("pk")).count(),
    "distinct count": lambda rows: rows.distinct().count(),
    "values": lambda rows: list(rows.values("pk")),
    "values_list": lambda rows: list(rows.values_list("pk", flat=True)),
    "iterator": lambda rows: list(rows.iterator()),
    "in_bulk": lambda rows: rows.in_bulk(),
    "latest": lambda rows: rows.latest("pk"),
    "slice": lambda rows: list(rows.all()[:1]),
    "update": lambda rows: rows.update(**{_a_field(rows.model): None}),
    "filtered update": lambda rows: rows.filter(pk=1).update(**{_a_field(rows.model): None}),
    "delete": lambda rows: rows.all().delete(),
    "explain": lambda rows: rows.all().explain(),
    "union": lambda rows: list(rows.filter(pk=1).union(rows.filter(pk=2))),
    "or": lambda rows: list(rows.filter(pk=1) | rows.filter(pk=2)),
    "select_for_update": lambda rows: list(rows.select_for_update()),
    "select_related": lambda rows: list(rows.select_related()),
    "order_by": lambda rows: list(rows.order_by("pk")),
    "defer": lambda rows: list(rows.defer("pk")),
    "dates": lambda rows: list(rows.filter(Q(pk=1)).reverse()),
    "earliest": lambda rows: rows.earliest("pk"),
    "contains": lambda rows: rows.contains(rows.model(pk=1)),
    "get_or_create": lambda rows: rows.get_or_create(pk=1),
    "bulk_update": lambda rows: rows.bulk_update([rows.model(pk=1)], [_a_field(rows.model)]),
}


def _a_field(model):
    return next(f.name for f in model._meta.concrete_fields if not f.primary_key)


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize(
    "model",
    [Resource, SharingRequest, Offer, Institution, Site, AuditEvent, Notification, RoleGroup],
)
def test_an_unscoped_query_does_not_compile(model, attack):
    with pytest.raises(TenantNotSet):
        ATTACKS[attack](model.objects)


def test_an_unscoped_subquery_does_not_compile():
    owner = make.institution("owner")
    unscoped = SharingRequest.objects.filter(resource=OuterRef("pk"))
    rows = Resource.objects.owned_by(owner)
    with pytest.raises(TenantNotSet):
        list(rows.filter(Exists(unscoped)))
    with pytest.raises(TenantNotSet):
        list(rows.filter(pk__in=SharingRequest.objects.values("resource")))


def test_the_verbs_open_the_door_to_the_own_rows_only():
    owner, stranger = make.institution("owner"), make.institution("stranger")
    mine, other = make.equipment(owner), make.equipment(stranger)
    assert list(Resource.objects.owned_by(owner)) == [mine]
    assert set(Resource.objects.visible_to(owner)) == {mine, other}
    assert Resource.objects.owned_by(owner).filter(pk=other.pk).update(room="x") == 0


def test_a_draft_or_private_resource_is_visible_to_its_owner_alone():
    owner, stranger = make.institution("owner"), make.institution("stranger")
    make.equipment(stranger, status="draft")
    make.equipment(stranger, visibility="private")
    assert not Resource.objects.visible_to(owner).exists()


def test_an_offer_to_named_institutions_is_visible_to_these():
    owner, named, stranger = (make.institution(slug) for slug in ("owner", "named", "stranger"))
    device = make.equipment(owner, visibility="named")
    device.audience.create(institution=named)
    assert list(Resource.objects.visible_to(named)) == [device]
    assert not Resource.objects.visible_to(stranger).exists()


def test_a_hold_is_seen_by_its_borrower_only():
    owner, borrower = make.institution("owner"), make.institution("borrower")
    held = make.sharing_request(make.equipment(owner), borrower, state="held")
    assert list(SharingRequest.objects.concerning(borrower)) == [held]
    assert not SharingRequest.objects.concerning(owner).exists()
    assert not SharingRequest.objects.owned_by(owner).exists()


def test_everywhere_needs_a_reason():
    with pytest.raises(ValueError, match="reason"):
        Resource.objects.everywhere(reason="")


def test_none_crosses_no_wall():
    assert list(Resource.objects.none()) == []
