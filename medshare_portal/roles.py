"""Roles are code, membership is data: who may do what, in one table.

``manage.py sync_roles`` makes one Django group per institution and role; people get a role by
being put into its group (``RoleAssignment``), never by a flag on the user.
"""

from enum import StrEnum, nonmember

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
    HAND_OVER = "hand-over"
    POST_CHECK = "post-check"
    EXPORT = "export"
    READ_AUDIT = "read-audit"
    CITY_VIEW = "city-view"
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
    CITY_OFFICIAL = "city_official", _("City official")
    REGISTRY_ADMIN = "registry_admin", _("Registry administrator")

    CITY_ROLES = nonmember(("city_official", "registry_admin"))


P = Permission

# Equipment is asked for by the coordinator, decided by the approver and checked by the biomedical
# engineer.  Pharmacist, staffing manager and information steward are for medicines, staff and
# information: over equipment they hold no right, and nobody is sent to ask them.
ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.COORDINATOR: frozenset(
        {
            P.VIEW,
            P.EDIT_RESOURCE,
            P.PUBLISH_OFFER,
            P.EDIT_BLOCKS,
            P.ASK,
            P.OVERRIDE_WARNING,
            P.HAND_OVER,
            P.EXPORT,
        }
    ),
    Role.APPROVER: frozenset(
        {P.VIEW, P.DECIDE, P.OVERRIDE_WARNING, P.HAND_OVER, P.EXPORT, P.READ_AUDIT}
    ),
    Role.PHARMACIST: frozenset({P.VIEW, P.EXPORT}),
    Role.BIOMEDICAL_ENGINEER: frozenset(
        {P.VIEW, P.EDIT_RESOURCE, P.EDIT_BLOCKS, P.HAND_OVER, P.POST_CHECK, P.EXPORT}
    ),
    Role.STAFFING_MANAGER: frozenset({P.VIEW, P.EXPORT}),
    Role.INFORMATION_STEWARD: frozenset({P.VIEW, P.EXPORT, P.READ_AUDIT}),
    Role.VIEWER: frozenset({P.VIEW}),
    Role.CITY_OFFICIAL: frozenset({P.CITY_VIEW}),
    Role.REGISTRY_ADMIN: frozenset({P.CITY_VIEW, P.ADMINISTER}),
}


def permissions_of(roles) -> frozenset[Permission]:
    """All that these roles allow together."""
    return frozenset().union(*(ROLE_PERMISSIONS[Role(role)] for role in roles))


def roles_with(permission: Permission) -> list[Role]:
    """The roles that grant a permission, in the order of the table (for 'whom to ask')."""
    return [role for role, granted in ROLE_PERMISSIONS.items() if permission in granted]
