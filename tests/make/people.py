"""People and the roles that they hold."""

from datetime import date
from itertools import count

from django.contrib.auth.models import Group

from medshare_portal.models import Institution, RoleAssignment, RoleGroup, User
from medshare_portal.roles import Role

PASSWORD = "correct-horse-battery"
_numbers = count(1)


def user(
    username: str = "", *, at: Institution | None = None, role: str = "", roles=(), **fields
) -> User:
    """A person with PASSWORD; ``at`` and ``role``/``roles`` put it into the role groups."""
    username = username or f"person{next(_numbers)}"
    values = {
        "email": f"{username}@example.org",
        "full_name": username.replace(".", " ").title(),
        "language": "en",
    }
    made = User.objects.create_user(username, password=PASSWORD, **values | fields)
    for name in [role] * bool(role) + list(roles):
        grant(made, name, at=at)
    return made


def grant(user: User, role: str, *, at: Institution | None = None) -> RoleGroup:
    """Give a role at an institution (none: the city's roles), by its Django group."""
    group, _made = Group.objects.get_or_create(name=f"{at.slug if at else 'city'}: {role}")
    role_group, _made = RoleGroup.unscoped.get_or_create(
        institution=at, role=Role(role), defaults={"group": group}
    )
    role_group.group.user_set.add(user)
    RoleAssignment.objects.get_or_create(
        user=user, role_group=role_group, defaults={"valid_from": date(2020, 1, 1)}
    )
    return role_group


def city_user(username: str = "official.city", role: str = Role.CITY_OFFICIAL, **fields) -> User:
    """A city official, or with ``role=Role.REGISTRY_ADMIN`` a registry administrator."""
    return user(username, role=role, **fields)
