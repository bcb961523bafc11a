"""The signed link by which a person answers without an account.  A leaf.

It names the request and the person's key, nothing else; the page behind it shows what may be done
and acts only when a form is sent.
"""

from datetime import timedelta
from typing import NamedTuple

from medshare_portal import policy, signed_links

SALT = "scheduling.staff.link"


class Named(NamedTuple):
    sharing_request: int
    resource: int


def token_for(sharing_request) -> str:
    return signed_links.sign(SALT, [sharing_request.pk, sharing_request.resource_id])


def read(token: str) -> Named:
    """What a link names; raises BadLink."""
    age = timedelta(days=policy.current().staff.invitation_days)
    request, resource = signed_links.read(SALT, token, names=2, good_for=age)
    return Named(request, resource)
