"""Locks and re-reads at the start of every action.

The order is always the same – resources by their keys, then requests, then (in ``audit.record``)
the chains – so that two actions never wait for each other.  A request of an all-or-nothing basket
may take the others with it, so its resource is locked together with theirs.  On SQLite the
IMMEDIATE transaction is the lock.
"""

from collections.abc import Collection
from contextlib import contextmanager
from functools import cache

from django.db import IntegrityError
from django.db.models import BigIntegerField
from django.utils.translation import gettext_lazy as _

from medshare_portal.db.errors import violates
from medshare_portal.db.prepared import AnyOf, Bind, Keys, Prepared
from medshare_portal.memberships import membership_at
from medshare_portal.refusals import Refusal, StaleVersion
from medshare_portal.roles import Permission, permissions_of
from resources.models import Resource
from scheduling.basket_states import BasketState, Together
from scheduling.models import SharingRequest
from scheduling.queries.related import related_for_rules

REASON = "re-read under lock of a row that the caller holds"

PK = Bind("pk", BigIntegerField())
LOCKED = Prepared(
    lambda: (
        Resource.objects.everywhere(reason=REASON)
        .select_for_update()
        .filter(AnyOf("pk", Keys("pks")))
        .order_by("pk")
        .values_list("pk", "kind")
    )
)


def _in_open_baskets():
    """All-or-nothing baskets that wait for one of these resources."""
    rows = SharingRequest.objects.everywhere(reason=REASON).filter(
        AnyOf("resource", Keys("pks")),
        basket__state=BasketState.OPEN,
        basket__together=Together.ALL,
    )
    return rows.values("basket")


HANGING = Prepared(
    lambda: (
        SharingRequest.objects.everywhere(reason=REASON)
        .filter(basket__in=_in_open_baskets())
        .values_list("resource")
        .distinct()
    )
)
REQUEST = Prepared(
    lambda: (
        SharingRequest.objects.everywhere(reason=REASON)
        .select_related("owner", "borrower", "offer", "created_by", "delivery_site", "basket")
        .filter(pk=PK)
    )
)


@cache
def _resource(kind: str) -> Prepared:
    """A resource with what the rules of its kind read."""
    related = related_for_rules(kind)
    return Prepared(
        lambda: Resource.objects.everywhere(reason=REASON).select_related(*related).filter(pk=PK)
    )


class NotYours(Refusal):
    """The person does not hold the permission at the institution that would act."""

    message = _("You cannot do this here.")
    status = 404


def require(*, by, institution, permission: Permission, kind: str | None) -> None:
    """Raise NotYours unless the groups of ``by``, or those of a colleague for whom it stands in,
    grant the permission there, over that kind (None: over any); the latter is remembered
    (``by.deputy_for``)."""
    held = membership_at(by, institution)
    if permission not in permissions_of(held.roles, kind):
        raise NotYours
    by.deputy_for = held.deputy_for(permission, kind)


def lock_resource(pk: int) -> Resource:
    """The shared row under lock: capacity is decided one at a time.

    Two statements: what is read beside the row must be as it is after the lock was waited for.
    """
    return _read(pk, lock_all([pk])[pk])


def lock_all(pks: Collection[int]) -> dict[int, str]:
    """These resources under lock, in the order of their keys; each with its kind."""
    return dict(LOCKED.rows(pks=pks))


def lock_to_decide(pks: Collection[int]) -> dict[int, str]:
    """These resources and all that hangs on them: what ends on one of them – also a request that
    must give way to another – ends the other items of its basket in the same transaction."""
    return lock_all({*pks, *HANGING.column(pks=pks)})


def _read(pk: int, kind: str) -> Resource:
    (resource,) = _resource(kind).instances(pk=pk)
    return resource


def lock_request(sharing_request: SharingRequest, *, version: int | None = None) -> SharingRequest:
    """The request as it is now, its resource and what hangs on that locked.  Raises StaleVersion
    (GEN-08)."""
    pk = sharing_request.resource_id
    fresh = reread(sharing_request, _read(pk, lock_to_decide([pk])[pk]))
    if version is not None and fresh.version != version:
        raise StaleVersion
    return fresh


def reread(sharing_request: SharingRequest, resource: Resource) -> SharingRequest:
    """The request as it is now; the caller has locked its resource."""
    (fresh,) = REQUEST.instances(pk=sharing_request.pk)
    fresh.resource = resource
    return fresh


class SlotTaken(Refusal):
    """GEN-03, said by the database: somebody was faster."""

    message = _("Somebody was faster: this time has just been taken.")
    status = 409


@contextmanager
def capacity_refusals():
    """Turn the database's refusal into ours; the transaction is rolled back by the caller."""
    try:
        yield
    except IntegrityError as error:
        if any(
            violates(error, name)
            for name in (
                "request_no_double_booking",
                "request_within_units",
                "request_not_over_block",
                "request_not_over_promise",
                "request_gives_what_is_there",
                "request_not_over_shift",
            )
        ):
            raise SlotTaken from error
        raise
