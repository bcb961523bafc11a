"""People, and the Django groups that say at which institution they hold which role."""

from django.contrib.auth.models import AbstractUser, Group
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from medshare_portal.roles import Role
from medshare_portal.tenancy import TenantQuerySet, tenant_manager


class User(AbstractUser):
    """A person who signs in.  What the person may do comes from groups alone."""

    class Theme(models.TextChoices):
        AUTO = "auto", _("As the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    full_name = models.CharField(_("full name"), max_length=150, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    language = models.CharField(
        _("language"),
        max_length=10,
        choices=[("en", "English"), ("zh-hans", "简体中文")],
        blank=True,
    )
    theme = models.CharField(_("appearance"), max_length=5, choices=Theme, default=Theme.AUTO)
    # Of the person behind a request, as ``medshare_portal.memberships`` has read them.
    memberships: list | None = None
    unread: int | None = None
    crisis_token: str | None = None  # of what runs now (``medshare_portal.crises``)
    # For whom it stands in in the step at hand (``memberships.StandIn``): found by whoever asked
    # for the right, written into the audit trail and the history with the step.
    deputy_for: tuple | None = None

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.full_name or self.username

    @property
    def seats(self) -> set[int]:
        """GEN-06: whose eyes these are in the step at hand: the own, and those of the colleague in
        whose place it acts.  Four eyes are two seats."""
        return {self.pk} if self.deputy_for is None else {self.pk, self.deputy_for.person}


class RoleGroupQuerySet(TenantQuerySet):
    def owned_by(self, institution):
        return self.scoped("owned_by", institution=institution)

    def of_user(self, user):
        """The roles that a user holds, at whichever institution."""
        return self.scoped("of_user", group__user=user)


class RoleGroup(models.Model):
    """One Django group per institution and role; the city's roles have no institution."""

    institution = models.ForeignKey(
        "medshare_portal.Institution",
        models.CASCADE,
        related_name="role_groups",
        null=True,
        blank=True,
        verbose_name=_("institution"),
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    group = models.OneToOneField(Group, models.CASCADE, related_name="role_group")

    unscoped = models.Manager()
    objects = tenant_manager(RoleGroupQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("role group")
        verbose_name_plural = _("role groups")
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "role"],
                name="rolegroup_one_per_role",
            ),
            models.UniqueConstraint(
                fields=["role"], condition=Q(institution=None), name="rolegroup_one_city_role"
            ),
            models.CheckConstraint(
                name="rolegroup_city_roles_have_no_institution",
                condition=Q(institution__isnull=True, role__in=Role.CITY_ROLES)
                | (Q(institution__isnull=False) & ~Q(role__in=Role.CITY_ROLES)),
            ),
        ]

    def __str__(self) -> str:
        where = self.institution.name if self.institution else _("City")
        return f"{where} · {self.get_role_display()}"


class RoleAssignment(models.Model):
    """That a person holds a role, from when until when; the group follows these rows."""

    user = models.ForeignKey(User, models.CASCADE, related_name="role_assignments")
    role_group = models.ForeignKey(
        RoleGroup, models.CASCADE, related_name="assignments", verbose_name=_("role")
    )
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("role assignment")
        verbose_name_plural = _("role assignments")
        constraints = [
            models.UniqueConstraint(fields=["user", "role_group"], name="assignment_once"),
            models.CheckConstraint(
                name="assignment_ends_after_it_starts",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("valid_from")),
                violation_error_message=_("The role ends before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.role_group}"
