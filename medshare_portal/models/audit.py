"""The audit trail: append-only rows, one hash chain per institution, no keys to live rows."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from medshare_portal.tenancy import TenantQuerySet, tenant_manager


class AuditChain(models.Model):
    """The head of one chain.  Its row is locked while an event is appended (trust.md, 8)."""

    name = models.CharField(max_length=40, primary_key=True)
    length = models.PositiveBigIntegerField(default=0)
    head_hash = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return self.name


class AuditEventQuerySet(TenantQuerySet):
    def owned_by(self, institution):
        """Events in this institution's chain."""
        return self.scoped("owned_by", chain=institution.slug)


class AuditEvent(models.Model):
    """Something that somebody did.  Names are copied, so it survives every deletion."""

    CITY = "city"

    chain = models.CharField(_("chain"), max_length=40)
    sequence = models.PositiveBigIntegerField(_("number"))
    at = models.DateTimeField(_("at"))
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(_("who"), max_length=150)
    action = models.CharField(_("action"), max_length=60)
    object_type = models.CharField(_("of what"), max_length=60)
    object_id = models.CharField(max_length=40)
    object_label = models.CharField(_("which"), max_length=200)
    data = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    unscoped = models.Manager()
    objects = tenant_manager(AuditEventQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        constraints = [
            models.UniqueConstraint(fields=["chain", "sequence"], name="audit_no_gap_no_fork"),
        ]
        indexes = [models.Index(fields=["object_type", "object_id"], name="audit_of_object")]

    def __str__(self) -> str:
        return f"{self.chain} #{self.sequence} {self.action}"
