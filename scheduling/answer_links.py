"""The signed link in an e-mail by which a person answers one step of one request.

It names the request as it was (its version), the step and the person; the page behind it asks the
person to sign in, shows what will be done and acts only when its form is sent.
"""

from datetime import timedelta
from typing import NamedTuple

from django.urls import reverse

from medshare_portal import policy, signed_links
from medshare_portal.signed_links import BadLink

PURPOSE = "scheduling.answer"
STEPS = ("approve", "accept_counter")


class Answer(NamedTuple):
    """What a link names."""

    step: str
    sharing_request: int
    version: int
    user: int


def path_for(step: str, sharing_request, user: int) -> str:
    named = [step, sharing_request.pk, sharing_request.version, user]
    return reverse("answer-link", args=[signed_links.sign(PURPOSE, named)])


def read(token: str) -> Answer:
    """Raises BadLink, ExpiredLink."""
    hours = policy.current().request.answer_link_hours
    good_for = timedelta(hours=hours)
    named = signed_links.read(PURPOSE, token, names=len(Answer._fields), good_for=good_for)
    if named[0] not in STEPS:
        raise BadLink
    return Answer(*named)
