"""The signed link by which a person answers without an account.  A leaf.

It names the request and the person's key, nothing else; the page behind it shows what may be done
and acts only when a form is sent.
"""

from datetime import timedelta
from typing import NamedTuple

from django.core import signing

from medshare_portal import policy

SALT = "scheduling.staff.link"


class BadLink(ValueError):
    """Forged, cut off or expired."""


class Named(NamedTuple):
    sharing_request: int
    resource: int


def token_for(sharing_request) -> str:
    return signing.dumps([sharing_request.pk, sharing_request.resource_id], salt=SALT)


def read(token: str) -> Named:
    """What a link names; raises BadLink."""
    age = timedelta(days=policy.current().staff.invitation_days)
    try:
        request, resource = signing.loads(token, salt=SALT, max_age=age)
    except (signing.BadSignature, ValueError, TypeError) as problem:
        raise BadLink from problem
    return Named(request, resource)
