"""Roles are code, membership is data: who may do what, in one table.

``manage.py sync_roles`` makes one Django group per institution and role; people get a role by
being put into its group (``RoleAssignment``), never by a flag on the user.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum, nonmember
from functools import cache

from django.db import models
from django.utils.translation import gettext_lazy as _


class Permission(StrEnum):
    """What a person may do at the institution in the URL (or in the city's pages)."""

    VIEW = "view"
    EDIT_RESOURCE = "edit-resource"
    PUBLISH_OFFER = "publish-offer"
    EDIT_BLOCKS = "edit-blocks"
    ASK = "ask"
    DECIDE = "decide"
    OVERRIDE_WARNING = "override-warning"
    MAKE_EXCEPTION = "make-exception"
    HAND_OVER = "hand-over"
    POST_CHECK = "post-check"
    COUNTERSIGN = "countersign"
    CONVERSE = "converse"  # write to the other side of a request, and notes for colleagues
    MEDIATE = "mediate"  # the city, in conversations to which a side has invited it
    EXPORT = "export"
    READ_AUDIT = "read-audit"
    NAME_DEPUTY = "name-deputy"
    READ_STATEMENTS = "read-statements"
    SETTLE = "settle"  # accept a statement, dispute a line of it, answer a dispute
    SET_LIMITS = "set-limits"  # from which figures on one's institution is warned
    CITY_VIEW = "city-view"
    SET_CITY_LIMITS = "set-city-limits"  # those that hold where an institution set none
    DECIDE_DISPUTE = "decide-dispute"
    DECLARE_CRISIS = "declare-crisis"
    RUN_MATCHING = "run-matching"  # rounds over the city's needs; one's own is a matter of ASK
    ADMINISTER = "administer"


class Role(models.TextChoices):
    """Roles of a person; the last two are the city's and belong to no institution."""

    COORDINATOR = "coordinator", _("Coordinator")
    APPROVER = "approver", _("Approver")
    PHARMACIST = "pharmacist", _("Pharmacist")
    BIOMEDICAL_ENGINEER = "biomedical_engineer", _("Biomedical engineer")
    STAFFING_MANAGER = "staffing_manager", _("Staffing manager")
    INFORMATION_STEWARD = "information_steward", _("Information steward")
    VIEWER = "viewer", _("Viewer")
    HEAD = "head", _("Head of the institution")
    CITY_OFFICIAL = "city_official", _("City official")
    REGISTRY_ADMIN = "registry_admin", _("Registry administrator")

    CITY_ROLES = nonmember(("city_official", "registry_admin"))


P = Permission
# Who answers for what a hospital owes and is owed; whose own shares stand on a statement reads it.
MONEY = (P.READ_STATEMENTS, P.SETTLE)
# Who arranges how the institution works.
OFFICE = (P.NAME_DEPUTY, P.SET_LIMITS)

# What a role may do whatever is shared.  Rights over the things of a kind are granted by the kind
# itself (``grant``): equipment is decided by the approver, medicines by the pharmacist.
GENERAL: dict[Role, frozenset[Permission]] = {
    Role.COORDINATOR: frozenset({P.VIEW, P.CONVERSE, P.EXPORT, *OFFICE, *MONEY}),
    Role.APPROVER: frozenset({P.VIEW, P.CONVERSE, P.EXPORT, P.READ_AUDIT, *MONEY}),
    Role.PHARMACIST: frozenset({P.VIEW, P.CONVERSE, P.EXPORT, P.READ_STATEMENTS}),
    Role.BIOMEDICAL_ENGINEER: frozenset({P.VIEW, P.CONVERSE, P.EXPORT}),
    Role.STAFFING_MANAGER: frozenset({P.VIEW, P.CONVERSE, P.EXPORT, P.READ_STATEMENTS}),
    Role.INFORMATION_STEWARD: frozenset({P.VIEW, P.CONVERSE, P.EXPORT, P.READ_AUDIT}),
    Role.VIEWER: frozenset({P.VIEW}),
    Role.HEAD: frozenset({P.VIEW, P.CONVERSE, P.EXPORT, P.READ_AUDIT, *OFFICE, *MONEY}),
    Role.CITY_OFFICIAL: frozenset(
        {
            P.CITY_VIEW,
            P.SET_CITY_LIMITS,
            P.MEDIATE,
            P.DECIDE_DISPUTE,
            P.DECLARE_CRISIS,
            P.RUN_MATCHING,
        }
    ),
    Role.REGISTRY_ADMIN: frozenset({P.CITY_VIEW, P.ADMINISTER}),
}
_OF_KINDS: dict[str, Mapping[Role, frozenset[Permission]]] = {}


def grant(kind: str, rights: Mapping[Role, Iterable[Permission]]) -> None:
    """Say what each role may do with the things of a kind; called once, when it registers."""
    _OF_KINDS[kind] = {role: frozenset(granted) for role, granted in rights.items()}
    _granted.cache_clear()


def permissions_of(roles: Iterable[str], kind: str | None = None) -> frozenset[Permission]:
    """All that these roles allow together: over one kind, or over any of them."""
    return _granted(frozenset(roles), kind)


@cache
def _granted(roles: frozenset[str], kind: str | None) -> frozenset[Permission]:
    tables = [_OF_KINDS[kind]] if kind is not None else list(_OF_KINDS.values())
    nothing: frozenset[Permission] = frozenset()
    return nothing.union(
        *(GENERAL[Role(role)] for role in roles),
        *(table.get(Role(role), nothing) for role in roles for table in tables),
    )


# What somebody may do over what: pairs of a permission and a kind.
Rights = frozenset[tuple[Permission, str]]


def rights_of(roles: Iterable[str]) -> Rights:
    """Every permission that these roles grant, by kind."""
    roles = frozenset(roles)
    return frozenset((p, kind) for kind in _OF_KINDS for p in _granted(roles, kind))


def kinds_allowing(permission: Permission, roles: Iterable[str]) -> frozenset[str]:
    """The kinds over which these roles grant a permission."""
    roles = frozenset(roles)
    return frozenset(kind for kind in _OF_KINDS if permission in _granted(roles, kind))


def roles_with(permission: Permission, kind: str | None = None) -> list[Role]:
    """The roles that grant a permission, in the order of the table (for 'whom to ask')."""
    return [role for role in Role if permission in permissions_of([role], kind)]
