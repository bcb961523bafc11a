"""Extensions, recalls and earlier ends: new times, same state."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from medshare_portal.tenancy import tenant_manager
from scheduling.models.transition_log import OfRequestQuerySet
from scheduling.states import ChangeKind, ChangeStatus, Rung


class TimeChange(models.Model):
    """A proposed new end.  An extension waits for the owner; a recall is the owner's right."""

    sharing_request = models.ForeignKey(
        "scheduling.SharingRequest", models.PROTECT, related_name="time_changes"
    )
    kind = models.CharField(_("kind of change"), max_length=10, choices=ChangeKind)
    status = models.CharField(_("status"), max_length=8, choices=ChangeStatus)
    old_ends_at = models.DateTimeField(_("end so far"))
    new_ends_at = models.DateTimeField(_("new end"))
    reason = models.TextField(_("reason"), max_length=1000, blank=True)
    asked_at = models.DateTimeField(_("asked"))
    asked_by = models.ForeignKey("medshare_portal.User", models.PROTECT, related_name="+")
    due_at = models.DateTimeField(_("answer due"), null=True)
    escalation = models.PositiveSmallIntegerField(_("passed on"), choices=Rung, default=Rung.NONE)
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.ForeignKey(
        "medshare_portal.User", models.PROTECT, null=True, related_name="+"
    )
    answer = models.TextField(_("answer"), max_length=1000, blank=True)

    unscoped = models.Manager()
    objects = tenant_manager(OfRequestQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("change of time")
        verbose_name_plural = _("changes of time")
        constraints = [
            models.UniqueConstraint(
                fields=["sharing_request"],
                condition=Q(status="pending"),
                name="change_one_pending_per_request",
            ),
            models.CheckConstraint(
                name="change_escalation_known", condition=Q(escalation__in=Rung.values)
            ),
            models.CheckConstraint(
                name="change_pending_is_undecided",
                condition=Q(status="pending", decided_at__isnull=True)
                | (~Q(status="pending") & Q(decided_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sharing_request_id} {self.kind}"
