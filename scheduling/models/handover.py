"""The record of either end of a loan: checklist, count, decontamination, signatures."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from medshare_portal.tenancy import tenant_manager
from scheduling.models.transition_log import OfRequestQuerySet
from scheduling.states import Stage


class Handover(models.Model):
    """One stage.  The giving side fills it in; it is complete when the other side has signed.

    ``checklist`` is ``{item code: true | false}``, ``accessories`` ``{accessory id: counted}``.
    """

    sharing_request = models.ForeignKey(
        "scheduling.SharingRequest", models.PROTECT, related_name="handovers"
    )
    stage = models.CharField(_("stage"), max_length=10, choices=Stage)
    checklist = models.JSONField(default=dict)
    accessories = models.JSONField(default=dict)
    counter_reading = models.PositiveIntegerField(_("hour counter"), null=True, blank=True)
    decontaminated = models.BooleanField(_("cleaned and disinfected"), default=False)
    decontamination_record = models.CharField(
        _("decontamination record"), max_length=100, blank=True
    )
    condition_note = models.TextField(_("condition, remarks"), max_length=1000, blank=True)
    problem = models.BooleanField(_("a problem was reported"), default=False)
    given_by = models.ForeignKey("medshare_portal.User", models.PROTECT, related_name="+")
    given_at = models.DateTimeField(_("given"))
    received_by = models.ForeignKey(
        "medshare_portal.User", models.PROTECT, null=True, related_name="+"
    )
    receiver_name = models.CharField(_("signed on the spot by"), max_length=100, blank=True)
    received_at = models.DateTimeField(_("received"), null=True)

    unscoped = models.Manager()
    objects = tenant_manager(OfRequestQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("handover record")
        verbose_name_plural = _("handover records")
        constraints = [
            models.UniqueConstraint(fields=["sharing_request", "stage"], name="handover_once"),
            models.CheckConstraint(
                name="handover_received_is_signed",
                condition=Q(received_at__isnull=True, received_by__isnull=True, receiver_name="")
                | Q(received_at__isnull=False, received_by__isnull=False)
                | (Q(received_at__isnull=False) & ~Q(receiver_name="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sharing_request_id} {self.stage}"


class HandoverPhoto(models.Model):
    """A photo of the device's condition."""

    handover = models.ForeignKey(Handover, models.PROTECT, related_name="photos")
    sharing_request = models.ForeignKey(
        "scheduling.SharingRequest", models.PROTECT, related_name="photos"
    )
    file = models.FileField(upload_to="handovers/%Y/%m")
    content_type = models.CharField(max_length=60)
    caption = models.CharField(_("what it shows"), max_length=200, blank=True)
    taken_at = models.DateTimeField()

    unscoped = models.Manager()
    objects = tenant_manager(OfRequestQuerySet)

    class Meta:
        default_manager_name = "unscoped"

    def __str__(self) -> str:
        return f"{self.handover_id} photo"
