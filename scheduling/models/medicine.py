"""What is particular to a transfer of a medicine: what was shipped, how it arrived."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from medshare_portal.tenancy import tenant_manager
from scheduling.models.transition_log import OfRequestQuerySet


class MedicineTransfer(models.Model):
    """One to one with its request, whose ``quantity`` is the number of packs.

    A request is for one lot, so a transfer is one line: what left is what was accepted, rejected
    and lost (MED-15).  ``received_as`` is the receiver's own lot.
    """

    sharing_request = models.OneToOneField(
        "scheduling.SharingRequest",
        models.PROTECT,
        primary_key=True,
        related_name="medicine_transfer",
    )
    expected_on = models.DateField(_("expected on"))
    days_left_at_arrival = models.PositiveIntegerField(_("days left at arrival"))
    dual_sign_off = models.BooleanField(default=False)
    unit_price = models.DecimalField(_("per pack"), max_digits=14, decimal_places=2)
    shipped = models.PositiveIntegerField(_("packs shipped"), null=True)
    seal_no = models.CharField(_("seal number"), max_length=60, blank=True)
    logger_no = models.CharField(_("temperature logger"), max_length=60, blank=True)
    courier = models.CharField(_("carried by"), max_length=120, blank=True)
    dispatched_by = models.ForeignKey(
        "medshare_portal.User", models.PROTECT, null=True, related_name="+"
    )
    accepted = models.PositiveIntegerField(_("packs accepted"), null=True)
    rejected = models.PositiveIntegerField(_("packs rejected"), null=True)
    lost = models.PositiveIntegerField(_("packs lost"), null=True)
    difference_reason = models.CharField(
        _("why packs were rejected or are missing"), max_length=250, blank=True
    )
    coldest = models.DecimalField(
        _("coldest, °C"), max_digits=5, decimal_places=1, null=True, blank=True
    )
    warmest = models.DecimalField(
        _("warmest, °C"), max_digits=5, decimal_places=1, null=True, blank=True
    )
    excursion_minutes = models.PositiveIntegerField(
        _("minutes out of range"), null=True, blank=True
    )
    temperature_record = models.CharField(_("temperature record"), max_length=120, blank=True)
    received_by = models.ForeignKey(
        "medshare_portal.User", models.PROTECT, null=True, related_name="+"
    )
    received_as = models.ForeignKey(
        "resources.MedicineLot", models.PROTECT, null=True, related_name="+"
    )

    unscoped = models.Manager()
    objects = tenant_manager(OfRequestQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        constraints = [
            models.CheckConstraint(
                name="transfer_adds_up",
                condition=Q(accepted__isnull=True, rejected__isnull=True, lost__isnull=True)
                | Q(shipped=F("accepted") + F("rejected") + F("lost")),
                violation_error_message=_("Accepted, rejected and lost do not add up."),
            ),
            models.CheckConstraint(
                name="transfer_difference_explained",
                condition=Q(accepted__isnull=True)
                | Q(rejected=0, lost=0)
                | ~Q(difference_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sharing_request_id}"
