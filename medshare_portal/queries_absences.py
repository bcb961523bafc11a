"""Who is away at an institution, now and in the days to come."""

from datetime import datetime

from medshare_portal.models import Absence, Institution, RoleGroup, User


def coming(institution: Institution, now: datetime):
    """Absences that are not over, the next first."""
    rows = Absence.objects.owned_by(institution).filter(ends_at__gt=now)
    return rows.select_related("user", "deputy", "institution").order_by("starts_at", "pk")


def colleagues(institution: Institution):
    """Active people who have a role of their own there, by name."""
    groups = RoleGroup.objects.owned_by(institution)
    people = User.objects.filter(is_active=True, groups__role_group__in=groups)
    return people.distinct().order_by("full_name", "username", "pk")
