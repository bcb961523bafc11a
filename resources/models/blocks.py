"""Times that the owner keeps: own use, maintenance, repair."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from medshare_portal.tenancy import TenantQuerySet, tenant_manager
from resources.enums import BlockReason


class BusyBlockQuerySet(TenantQuerySet):
    def owned_by(self, institution):
        return self.scoped("owned_by", institution=institution)

    def of_visible(self, resources):
        """Blocks of a queryset of resources that is itself scoped (times only, no notes)."""
        return self.scoped("of_visible", resource__in=resources)

    def of_seen(self, resource):
        """Blocks of one resource that a scoping verb has found (times only, no notes)."""
        return self.scoped("of_seen", resource=resource)

    def overlapping(self, starts_at, ends_at):
        return self.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)


class BusyBlock(models.Model):
    """A half-open interval (UTC) in which no unit of the resource may be shared."""

    institution = models.ForeignKey("medshare_portal.Institution", models.PROTECT, related_name="+")
    resource = models.ForeignKey("resources.Resource", models.CASCADE, related_name="blocks")
    reason = models.CharField(_("reason"), max_length=12, choices=BlockReason)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    source_uid = models.CharField(_("calendar UID"), max_length=250, blank=True)
    source_starts_at = models.DateTimeField(_("start by the calendar's rule"), null=True)
    created_by = models.ForeignKey("medshare_portal.User", models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    unscoped = models.Manager()
    objects = tenant_manager(BusyBlockQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        constraints = [
            models.CheckConstraint(
                name="block_ends_after_start",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("End must be after start."),
            ),
            models.CheckConstraint(
                name="block_reason_known",
                condition=Q(reason__in=["own_use", "maintenance", "repair"]),
            ),
            models.UniqueConstraint(
                fields=["resource", "source_uid", "starts_at"],
                condition=~Q(source_uid=""),
                name="block_once_per_calendar_event",
            ),
        ]
        indexes = [
            models.Index(fields=["resource", "ends_at", "starts_at"], name="block_of_resource"),
        ]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.get_reason_display()} {self.starts_at:%F %H:%M}"
