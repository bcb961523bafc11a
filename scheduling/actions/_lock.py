"""Locks and re-reads at the start of every action.

The order is always the same – resource, then request, then (in ``audit.record``) the chains – so
that two actions never wait for each other.  On SQLite the IMMEDIATE transaction is the lock.
"""

from contextlib import contextmanager
from functools import cache

from django.db import IntegrityError
from django.db.models import BigIntegerField
from django.utils.translation import gettext_lazy as _

from medshare_portal.db.errors import violates
from medshare_portal.db.prepared import Bind, Prepared
from medshare_portal.memberships import membership_at
from medshare_portal.refusals import Refusal, StaleVersion
from medshare_portal.roles import Permission, permissions_of
from resources.models import Resource
from scheduling.models import SharingRequest
from scheduling.queries.related import related_for_rules

REASON = "re-read under lock of a row that the caller holds"

PK = Bind("pk", BigIntegerField())
LOCKED = Prepared(
    lambda: (
        Resource.objects.everywhere(reason=REASON)
        .select_for_update()
        .filter(pk=PK)
        .values_list("kind")
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


def require(*, by, institution, permission: Permission, kind: str) -> None:
    """Raise NotYours unless the groups of ``by``, or those of a colleague for whom it stands in,
    grant the permission there, over that kind; the latter is remembered (``by.deputy_for``)."""
    held = membership_at(by, institution)
    if permission not in permissions_of(held.roles, kind):
        raise NotYours
    by.deputy_for = held.deputy_for(permission, kind)


def lock_resource(pk: int) -> Resource:
    """The shared row under lock: capacity is decided one at a time.

    Two statements: what is read beside the row must be as it is after the lock was waited for.
    """
    (kind,) = LOCKED.column(pk=pk)
    (resource,) = _resource(kind).instances(pk=pk)
    return resource


def lock_request(sharing_request: SharingRequest, *, version: int | None = None) -> SharingRequest:
    """The request as it is now, its resource locked.  Raises StaleVersion (GEN-08)."""
    resource = lock_resource(sharing_request.resource_id)
    (fresh,) = REQUEST.instances(pk=sharing_request.pk)
    fresh.resource = resource
    if version is not None and fresh.version != version:
        raise StaleVersion
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
                "request_gives_what_is_there",
                "request_not_over_shift",
            )
        ):
            raise SlotTaken from error
        raise
