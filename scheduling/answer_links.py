"""The signed link in an e-mail by which a person answers one step of one request.

It names the request as it was (its version), the step and the person; the page behind it asks the
person to sign in, shows what will be done and acts only when its form is sent.  What is
answered on a page of its own – an extension, a consent, a kind that decides on one – is led to
that page: it asks for the same sign-in.
"""

from datetime import timedelta
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medshare_portal import policy, signed_links
from medshare_portal.memberships import membership_at
from medshare_portal.roles import Permission, permissions_of
from medshare_portal.signed_links import BadLink
from scheduling.kinds import SignOffPart, kinds
from scheduling.models import SignOff
from scheduling.states import Side, SignOffDecision

PURPOSE = "scheduling.answer"
EXTENSION, CONSENT = "extension", "consent"  # answered on pages of their own
# Step → who answers it, and what the e-mail says of the link.
STEPS = {"approve": Permission.DECIDE, "accept_counter": Permission.ASK}
WORDS = {
    "approve": _("To approve or decline it, open this page, sign in and confirm:"),
    "accept_counter": _("To accept or refuse it, open this page, sign in and confirm:"),
}
AGREE = _("To agree or refuse, open this page, sign in and confirm:")


class Answer(NamedTuple):
    """What a link names."""

    step: str
    sharing_request: int
    version: int
    user: int


def links_for(step: str, sharing_request, notification) -> list[dict]:
    """The links of an e-mail to this person; none when its roles, own or as a deputy, do not
    allow the step at the moment of sending: a reminder goes to others too."""
    person, place = notification.user, notification.institution
    roles = membership_at(person, place).roles
    if step == CONSENT:
        return _consents(sharing_request, person, place, roles)
    if step == EXTENSION:
        return _extension(sharing_request, place, roles)
    if STEPS[step] not in permissions_of(roles, sharing_request.kind):
        return []
    own = kinds[sharing_request.kind].pages.get(step)
    if own:
        path = reverse(f"scheduling:{own}", args=[place.slug, sharing_request.pk])
    else:
        path = path_for(step, sharing_request, person.pk)
    return [{"label": WORDS[step], "url": path}]


def _extension(sharing_request, place, roles) -> list[dict]:
    if Permission.DECIDE not in permissions_of(roles, sharing_request.kind):
        return []
    path = reverse("scheduling:request-extension", args=[place.slug, sharing_request.pk])
    return [{"label": AGREE, "url": path}]


def _consents(sharing_request, person, place, roles) -> list[dict]:
    """A link for each consent that waits for this person, or for its roles at this side."""
    side = Side.OWNER if sharing_request.owner_id == place.pk else Side.BORROWER
    waiting = SignOff.objects.of(sharing_request).filter(
        side=side, decision=SignOffDecision.WAITING
    )
    people = dict(waiting.values_list("part", "person"))
    held = permissions_of(roles, sharing_request.kind)
    return [
        {"label": AGREE, "url": _page_of(part, sharing_request, place)}
        for part in kinds[sharing_request.kind].sign_offs
        if part.page
        and part.code in people
        and (people[part.code] == person.pk or (not people[part.code] and part.permission in held))
    ]


def _page_of(part: SignOffPart, sharing_request, place) -> str:
    named = [part.code] if part.page_of_several else []
    return reverse(f"scheduling:{part.page}", args=[place.slug, sharing_request.pk, *named])


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
