"""The person behind a session and the roles that it holds: one statement of every request.

Nothing of it is kept between requests: somebody who is deactivated is out, a role that is taken is
refused, and an absence that is over gives its deputy nothing more, at the next one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import BigIntegerField, Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Now

from medshare_portal.crises import token_at
from medshare_portal.db.prepared import Bind, Prepared
from medshare_portal.models import Absence, Institution, Notification, RoleGroup, Site, User
from medshare_portal.roles import Permission, Role, permissions_of

USER = Bind("user", BigIntegerField())
INSTITUTION = Bind("institution", BigIntegerField())
ALONE = Prepared(lambda: User.objects.filter(pk=USER))


class StandIn(NamedTuple):
    """A colleague who is away, and the roles that its deputy has meanwhile."""

    person: int
    name: str
    roles: frozenset[Role]


@dataclass(frozen=True)
class Membership:
    """One institution (None: the city) and the roles that the person holds there: the ``own``,
    and those of colleagues for whom it stands in."""

    institution: Institution | None
    own: frozenset[Role]
    stands_in: tuple[StandIn, ...] = ()

    @property
    def roles(self) -> frozenset[Role]:
        return self.own.union(*(absent.roles for absent in self.stands_in))

    def deputy_for(self, permission: Permission, kind: str | None = None) -> StandIn | None:
        """In whose place the person does this; None for whom its own roles suffice."""
        if permission in permissions_of(self.own, kind):
            return None
        able = (a for a in self.stands_in if permission in permissions_of(a.roles, kind))
        return next(able, None)


def main_sites(institution):
    """The active sites of an institution, the main one first."""
    return Site.objects.owned_by(institution).filter(active=True).order_by("-is_main", "pk")


def unread_by(user):
    """How many notifications wait for a person: one row, or none."""
    waiting = Notification.objects.addressed_to(user).filter(read_at__isnull=True)
    return waiting.order_by().values("user").annotate(n=Count("pk")).values("n")


def _held():
    """The person's groups that are roles, and those of colleagues who are away and named it."""
    away = Absence.objects.of_deputy(USER).running()
    people = User.objects.filter(pk=USER).values("pk").union(away.values("user"), all=True)
    there = away.filter(
        user=OuterRef("user"), institution=OuterRef("group__role_group__institution")
    )
    return User.groups.through.objects.filter(
        Q(user=USER) | Exists(there), user__in=people, group__role_group__isnull=False
    )


def _with_roles():
    """With the person and the institution beside each, in the order of the institutions."""
    sites = main_sites(OuterRef("group__role_group__institution"))
    return (
        _held()
        .select_related("user", "group__role_group__institution")
        .annotate(
            time_zone=Subquery(sites.values("time_zone")[:1]),
            unread=Subquery(unread_by(USER)),
            crisis_token=token_at(Now()),
        )
        .order_by("group__role_group__institution_id", "group__role_group__pk", "user_id")
    )


WITH_ROLES = Prepared(_with_roles)
AT = Prepared(
    lambda: (
        _held()
        .filter(group__role_group__institution=INSTITUTION)
        .order_by("group__role_group__pk", "user_id")
        .values_list("user_id", "group__role_group__role", "user__full_name", "user__username")
    )
)


def person(pk: int) -> User | None:
    """The person as it is now; ``memberships_of`` it and what it has not read cost none."""
    held = WITH_ROLES.instances(user=pk)
    own = next((row for row in held if row.user_id == pk), None)
    user = own.user if own else next(iter(ALONE.instances(user=pk)), None)
    if user is not None:
        user.memberships = _memberships(pk, held)
    if own:
        user.unread, user.crisis_token = own.unread or 0, own.crisis_token
    return user


def memberships_of(user: User) -> list[Membership]:
    """All of a user's memberships, in the order in which the institutions came."""
    if user.memberships is None:
        return _memberships(user.pk, WITH_ROLES.instances(user=user.pk))
    return user.memberships


def membership_at(user: User, institution) -> Membership:
    """What the person holds at one institution now, read anew: for actions."""
    rows = AT.rows(user=user.pk, institution=institution.pk)
    held = [(holder, role, full or short) for holder, role, full, short in rows]
    return _membership(user.pk, institution, held)


def _memberships(pk: int, rows: Iterable) -> list[Membership]:
    places: dict[int | None, tuple[Institution | None, list]] = {}
    for row in rows:
        group: RoleGroup = row.group.role_group
        if group.institution:
            group.institution.time_zone = row.time_zone
        _place, held = places.setdefault(group.institution_id, (group.institution, []))
        held.append((row.user_id, group.role, str(row.user)))
    found = [_membership(pk, institution, held) for institution, held in places.values()]
    return [membership for membership in found if membership.own]


def _membership(pk: int, institution, held: list[tuple[int, str, str]]) -> Membership:
    """Of (holder, role, name); who is no colleague any more stands in for nobody."""
    roles: dict[int, set[Role]] = {}
    names: dict[int, str] = {}
    for holder, role, name in held:
        roles.setdefault(holder, set()).add(Role(role))
        names[holder] = name
    own = frozenset(roles.pop(pk, ()))
    absent = [StandIn(key, names[key], frozenset(found)) for key, found in roles.items()]
    return Membership(institution, own, tuple(absent) if own else ())
