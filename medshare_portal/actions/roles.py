"""One Django group per institution and role, and the people whose roles are in force in them."""

from datetime import date

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Q

from medshare_portal.models import Institution, RoleAssignment, RoleGroup, User
from medshare_portal.roles import Role

REASON = "the role groups of every institution are made together"


@transaction.atomic
def sync_roles(*, today: date) -> dict[str, int]:
    """Make what is missing, rename what is called otherwise, and put people in and out.

    Returns how many groups were made, how many people entered a group and how many left one.
    Running it twice changes nothing.
    """
    made = _make_groups()
    entered, left = apply_assignments(today=today)
    return {"groups": made, "entered": entered, "left": left}


def group_name(institution: Institution | None, role: str) -> str:
    """What the Django group is called; ``city`` is no institution's slug."""
    return f"{institution.slug if institution else 'city'}: {role}"


def _make_groups() -> int:
    institutions = list(Institution.objects.everywhere(reason=REASON))
    wanted = [
        (place, role) for place in institutions for role in Role if role not in Role.CITY_ROLES
    ]
    wanted += [(None, Role(role)) for role in Role.CITY_ROLES]
    existing = {
        (row.institution_id, row.role): row
        for row in RoleGroup.objects.everywhere(reason=REASON).select_related("group")
    }
    missing = []
    for place, role in wanted:
        row = existing.get((place.pk if place else None, role))
        if row is None:
            missing.append((place, role))
        else:
            _rename(row.group, group_name(place, role))
    _create(missing)
    return len(missing)


def _rename(group: Group, name: str) -> None:
    """An institution's address may have changed."""
    if group.name != name:
        group.name = name
        group.save(update_fields=["name"])


def _create(missing: list[tuple[Institution | None, Role]]) -> None:
    names = [group_name(place, role) for place, role in missing]
    Group.objects.bulk_create([Group(name=name) for name in names], ignore_conflicts=True)
    groups = {group.name: group for group in Group.objects.filter(name__in=names)}
    RoleGroup.objects.bulk_create(
        [
            RoleGroup(institution=place, role=role, group=groups[name])
            for (place, role), name in zip(missing, names, strict=True)
        ]
    )


def apply_assignments(*, today: date) -> tuple[int, int]:
    """Groups follow the assignments in force on the day; returns (entered, left)."""
    in_force = RoleAssignment.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=today), valid_from__lte=today
    )
    wanted = set(in_force.values_list("user_id", "role_group__group_id"))
    memberships = User.groups.through.objects.filter(group__role_group__isnull=False)
    actual = {(row.user_id, row.group_id): row.pk for row in memberships}
    through = User.groups.through
    through.objects.bulk_create(
        [through(user_id=user, group_id=group) for user, group in wanted - actual.keys()],
        ignore_conflicts=True,
    )
    stale = [pk for pair, pk in actual.items() if pair not in wanted]
    through.objects.filter(pk__in=stale).delete()
    return len(wanted - actual.keys()), len(stale)
