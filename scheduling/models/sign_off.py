"""Consents that a step waits for beside the owner's decision: a director's, the person's own."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from medshare_portal.tenancy import tenant_manager
from scheduling.models.transition_log import OfRequestQuerySet
from scheduling.states import Rung, Side, SignOffDecision


class SignOff(models.Model):
    """One consent; ``part`` names it in the kind's table (``WorkflowKind.sign_offs``).

    ``person``: only this person may sign.  ``signed_name`` is who signed, also where that was by a
    link from an e-mail and nobody was signed in (then ``decided_by`` is empty).
    """

    sharing_request = models.ForeignKey(
        "scheduling.SharingRequest", models.PROTECT, related_name="sign_offs"
    )
    part = models.CharField(_("consent"), max_length=30)
    side = models.CharField(_("side"), max_length=8, choices=Side)
    person = models.ForeignKey(
        "medshare_portal.User", models.PROTECT, null=True, related_name="+", verbose_name=_("of")
    )
    decision = models.CharField(
        _("decision"), max_length=8, choices=SignOffDecision, default=SignOffDecision.WAITING
    )
    asked_at = models.DateTimeField(_("asked"))
    due_at = models.DateTimeField(_("answer due"), null=True)
    escalation = models.PositiveSmallIntegerField(_("passed on"), choices=Rung, default=Rung.NONE)
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.ForeignKey(
        "medshare_portal.User", models.PROTECT, null=True, related_name="+"
    )
    signed_name = models.CharField(_("signed by"), max_length=200, blank=True)
    text = models.TextField(_("message"), max_length=1000, blank=True)

    unscoped = models.Manager()
    objects = tenant_manager(OfRequestQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.UniqueConstraint(fields=["sharing_request", "part"], name="sign_off_once"),
            models.CheckConstraint(
                name="sign_off_escalation_known", condition=Q(escalation__in=Rung.values)
            ),
            models.CheckConstraint(
                name="sign_off_decision_whole",
                condition=Q(decision="waiting", decided_at__isnull=True, signed_name="")
                | (
                    Q(decision__in=["given", "refused"], decided_at__isnull=False)
                    & ~Q(signed_name="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sharing_request_id} {self.part}"
