"""What happened to a request: append-only."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from medshare_portal.tenancy import TenantQuerySet, tenant_manager
from scheduling.states import Side, State


class OfRequestQuerySet(TenantQuerySet):
    """For rows that hang on a request: who sees the request sees them."""

    def of(self, sharing_request):
        """Rows of one request that was itself fetched through a scope."""
        return self.scoped("of request", sharing_request=sharing_request)

    def of_scoped(self, requests):
        """Rows of a queryset of requests that is itself scoped."""
        return self.scoped("of_scoped", sharing_request__in=requests)

    def of_seen(self, resource):
        """Rows of all requests for one resource that a scoping verb has found: times only."""
        return self.scoped("of_seen", sharing_request__resource=resource)

    def concerning(self, institution):
        return self.scoped(
            "concerning",
            Q(sharing_request__borrower=institution)
            | (Q(sharing_request__owner=institution) & ~Q(sharing_request__state=State.HELD)),
        )

    def in_city_view(self):
        """For city officials: rows of all requests that were sent."""
        return self.scoped("in_city_view", ~Q(sharing_request__state=State.HELD))


class StepQuerySet(OfRequestQuerySet):
    def faults(self):
        """What a borrower reported in use."""
        return self.filter(transition="report_fault")


class TransitionLog(models.Model):
    """One move, or one change of time in the same state, with the times before and after."""

    sharing_request = models.ForeignKey(
        "scheduling.SharingRequest", models.PROTECT, related_name="transitions"
    )
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey("medshare_portal.User", models.PROTECT, null=True, related_name="+")
    side = models.CharField(_("side"), max_length=8, choices=Side)
    transition = models.CharField(_("step"), max_length=20)
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10)
    old_starts_at = models.DateTimeField(null=True)
    old_ends_at = models.DateTimeField(null=True)
    new_starts_at = models.DateTimeField(null=True)
    new_ends_at = models.DateTimeField(null=True)
    reason_code = models.CharField(max_length=20, blank=True)
    text = models.TextField(blank=True)
    data = models.JSONField(default=dict)

    unscoped = models.Manager()
    objects = tenant_manager(StepQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        indexes = [models.Index(fields=["sharing_request", "at"], name="transition_of_request")]

    def __str__(self) -> str:
        return f"{self.sharing_request_id} {self.transition}"
