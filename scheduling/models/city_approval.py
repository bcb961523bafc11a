"""The city's yes in an owner's place, during a crisis, and what the owner says to it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from medshare_portal.tenancy import tenant_manager
from scheduling.models.transition_log import OfRequestQuerySet


class CityApproval(models.Model):
    """One per request.  ``waited_minutes`` since it was sent; an objection is kept, and changes
    nothing by itself."""

    sharing_request = models.OneToOneField(
        "scheduling.SharingRequest", models.PROTECT, related_name="city_approval"
    )
    crisis = models.ForeignKey(
        "medshare_portal.Crisis", models.PROTECT, related_name="approvals", verbose_name=_("crisis")
    )
    by = models.ForeignKey(
        "medshare_portal.User", models.PROTECT, related_name="+", verbose_name=_("approved by")
    )
    at = models.DateTimeField(_("approved"))
    reason = models.TextField(_("reason"), max_length=2000)
    waited_minutes = models.PositiveIntegerField(_("minutes waited"))
    objected_at = models.DateTimeField(_("objected"), null=True)
    objected_by = models.ForeignKey(
        "medshare_portal.User", models.PROTECT, null=True, related_name="+"
    )
    objection = models.TextField(_("objection"), max_length=2000, blank=True)

    unscoped = models.Manager()
    objects = tenant_manager(OfRequestQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("approval by the city")
        verbose_name_plural = _("approvals by the city")
        constraints = [
            models.CheckConstraint(name="city_approval_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="city_approval_objection_whole",
                condition=Q(objected_at__isnull=True, objected_by__isnull=True, objection="")
                | (Q(objected_at__gte=F("at"), objected_by__isnull=False) & ~Q(objection="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sharing_request_id} {self.at:%F %H:%M}"
