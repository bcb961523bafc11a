"""The signed link in an e-mail by which a person answers one step of one request.

It names the request as it was (its version), the step and the person; the page behind it asks the
person to sign in, shows what will be done and acts only when its form is sent.  A kind that
decides on a page of its own is led to that page: it asks for the same sign-in.
"""

from datetime import timedelta
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medshare_portal import policy, signed_links
from medshare_portal.memberships import membership_at
from medshare_portal.roles import Permission, permissions_of
from medshare_portal.signed_links import BadLink
from scheduling.kinds import kinds

PURPOSE = "scheduling.answer"
# Step → who answers it, and what the e-mail says of the link.
STEPS = {"approve": Permission.DECIDE, "accept_counter": Permission.ASK}
WORDS = {
    "approve": _("To approve or decline it, open this page, sign in and confirm:"),
    "accept_counter": _("To accept or refuse it, open this page, sign in and confirm:"),
}


class Answer(NamedTuple):
    """What a link names."""

    step: str
    sharing_request: int
    version: int
    user: int


def links_for(step: str, sharing_request, notification) -> list[dict]:
    """The link of an e-mail to this person; none when its roles, own or as a deputy, do not
    allow the step at the moment of sending: a reminder goes to others too."""
    person, place = notification.user, notification.institution
    roles = membership_at(person, place).roles
    if STEPS[step] not in permissions_of(roles, sharing_request.kind):
        return []
    own = kinds[sharing_request.kind].pages.get(step)
    if own:
        path = reverse(f"scheduling:{own}", args=[place.slug, sharing_request.pk])
    else:
        path = path_for(step, sharing_request, person.pk)
    return [{"label": WORDS[step], "url": path}]


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
