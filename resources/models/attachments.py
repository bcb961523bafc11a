"""Photos and manuals: files behind a permission check."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from medshare_portal.tenancy import OwnedQuerySet, tenant_manager
from resources.enums import AttachmentPurpose


class AttachmentQuerySet(OwnedQuerySet):
    def of_visible(self, resources):
        """Attachments of a queryset of resources that is itself scoped."""
        return self.scoped("of_visible", resource__in=resources)

    def readable_by(self, institution, private_kinds):
        """Without others' files of kinds whose files are for the owner alone."""
        return self.exclude(~models.Q(institution=institution), resource__kind__in=private_kinds)


class Attachment(models.Model):
    """A stored file.  Its type was found from its content; its stored name is random."""

    institution = models.ForeignKey("medshare_portal.Institution", models.PROTECT, related_name="+")
    resource = models.ForeignKey("resources.Resource", models.CASCADE, related_name="attachments")
    purpose = models.CharField(_("purpose"), max_length=12, choices=AttachmentPurpose)
    title = models.CharField(_("title"), max_length=120)
    file = models.FileField(upload_to="attachments/%Y/%m")
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey("medshare_portal.User", models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded"))

    unscoped = models.Manager()
    objects = tenant_manager(AttachmentQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")

    def __str__(self) -> str:
        return self.title
