"""A filter of the inbox that a person keeps under a name."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from medshare_portal.tenancy import TenantQuerySet, tenant_manager


class SavedFilterQuerySet(TenantQuerySet):
    def owned_by(self, institution):
        """What people keep at this institution; each reads its own only."""
        return self.scoped("owned_by", institution=institution)


class SavedFilter(models.Model):
    """``query`` is what stands behind the "?" of the inbox's address.  A person's own, for one
    institution; one of them may open by itself (``is_default``)."""

    institution = models.ForeignKey(
        "medshare_portal.Institution", models.CASCADE, related_name="saved_filters"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters")
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(max_length=400)
    is_default = models.BooleanField(_("opens by itself"), default=False)
    created_at = models.DateTimeField(_("created"))

    unscoped = models.Manager()
    objects = tenant_manager(SavedFilterQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "institution", "name"], name="saved_filter_name_once"
            ),
            models.UniqueConstraint(
                fields=["user", "institution"],
                condition=Q(is_default=True),
                name="saved_filter_one_default",
            ),
            models.CheckConstraint(
                name="saved_filter_says_something", condition=~Q(name="") & ~Q(query="")
            ),
        ]

    def __str__(self) -> str:
        return self.name
