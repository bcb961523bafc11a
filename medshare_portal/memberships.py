"""The person behind a session and the roles that it holds: one statement of every request.

Nothing of it is kept between requests: somebody who is deactivated is out, and a role that is
taken is refused, at the next one.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import BigIntegerField, Count, OuterRef, Subquery
from django.db.models.functions import Now

from medshare_portal.crises import token_at
from medshare_portal.db.prepared import Bind, Prepared
from medshare_portal.models import Institution, Notification, RoleGroup, Site, User
from medshare_portal.roles import Role

USER = Bind("user", BigIntegerField())
ALONE = Prepared(lambda: User.objects.filter(pk=USER))


def main_sites(institution):
    """The active sites of an institution, the main one first."""
    return Site.objects.owned_by(institution).filter(active=True).order_by("-is_main", "pk")


def unread_by(user):
    """How many notifications wait for a person: one row, or none."""
    waiting = Notification.objects.addressed_to(user).filter(read_at__isnull=True)
    return waiting.order_by().values("user").annotate(n=Count("pk")).values("n")


def _with_roles():
    """The person's groups that are roles, the person and the institution beside each."""
    held = User.groups.through.objects.filter(user=USER, group__role_group__isnull=False)
    sites = main_sites(OuterRef("group__role_group__institution"))
    return (
        held.select_related("user", "group__role_group__institution")
        .annotate(
            time_zone=Subquery(sites.values("time_zone")[:1]),
            unread=Subquery(unread_by(OuterRef("user"))),
            crisis_token=token_at(Now()),
        )
        .order_by("group__role_group__institution_id", "group__role_group__pk")
    )


WITH_ROLES = Prepared(_with_roles)


@dataclass(frozen=True)
class Membership:
    """One institution (None: the city) and the roles that the person holds there."""

    institution: Institution | None
    roles: frozenset[Role]


def person(pk: int) -> User | None:
    """The person as it is now; ``memberships_of`` it and what it has not read cost none."""
    held = WITH_ROLES.instances(user=pk)
    user = held[0].user if held else next(iter(ALONE.instances(user=pk)), None)
    if user is not None:
        user.memberships = _memberships(held)
    if held:
        user.unread = held[0].unread or 0
        user.crisis_token = held[0].crisis_token
    return user


def memberships_of(user: User) -> list[Membership]:
    """All of a user's memberships, in the order in which the institutions came."""
    if user.memberships is None:
        return _memberships(WITH_ROLES.instances(user=user.pk))
    return user.memberships


def _memberships(held: Iterable) -> list[Membership]:
    found: dict[int | None, tuple[Institution | None, set[Role]]] = {}
    for row in held:
        group: RoleGroup = row.group.role_group
        if group.institution:
            group.institution.time_zone = row.time_zone
        _institution, roles = found.setdefault(group.institution_id, (group.institution, set()))
        roles.add(Role(group.role))
    return [Membership(institution, frozenset(roles)) for institution, roles in found.values()]
