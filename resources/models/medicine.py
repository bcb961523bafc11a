"""What is particular to a lot of a medicine (domain.md 2.3)."""

import unicodedata

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from medshare_portal.tenancy import OwnedQuerySet, tenant_manager
from medshare_portal.validators import validate_gtin14
from resources import enums_medicine as enums
from resources.medicine_validators import validate_approval_no

MONEY = {"max_digits": 14, "decimal_places": 2, "validators": [MinValueValidator(0)]}
# GS1 character set 82, as in the lot number of a bar code (AI 10).
GS1_CHARACTERS = r"^[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]+$"


def item_key(name_en: str, name_zh: str, dose_form: str, strength: str, unit: str) -> str:
    """What counts as the same item in every institution: name, form, strength and dose unit.

    The pack is left out: consumption is counted in dose units, so a box of ten and a box of one
    are used up together.
    """
    name = name_zh or name_en
    parts = (name, dose_form, strength, unit)
    plain = (unicodedata.normalize("NFKC", part).casefold() for part in parts)
    return "|".join("".join(part.split()) for part in plain)[:250]


class MedicineLotQuerySet(OwnedQuerySet):
    def of_visible(self, resources):
        """Rows of a queryset of resources that is itself scoped."""
        return self.scoped("of_visible", resource__in=resources)


class MedicineLot(models.Model):
    """Detail row of a resource of kind medicine (FHIR Medication.batch).

    ``on_hand``, ``reserved`` and ``in_transit`` count sealed packs and follow ``StockMovement``:
    the database moves them with every line of the ledger and refuses any other change.  Dates are
    dates: no time zone moves them.
    """

    resource = models.OneToOneField(
        "resources.Resource", models.CASCADE, primary_key=True, related_name="medicine_lot"
    )
    institution = models.ForeignKey(
        "medshare_portal.Institution", models.PROTECT, related_name="+", editable=False
    )
    item_key = models.CharField(max_length=250, editable=False)
    generic_name_en = models.CharField(_("generic name (English)"), max_length=150, blank=True)
    generic_name_zh = models.CharField(_("generic name (Chinese)"), max_length=150, blank=True)
    brand = models.CharField(_("brand"), max_length=100, blank=True)
    dose_form = models.CharField(_("dose form"), max_length=20, choices=enums.DoseForm)
    strength = models.CharField(_("strength"), max_length=60, help_text=_("Such as 100 IU/ml."))
    pack_size = models.PositiveIntegerField(
        _("dose units in a pack"), validators=[MinValueValidator(1), MaxValueValidator(100_000)]
    )
    unit = models.CharField(_("dose unit"), max_length=10, choices=enums.DoseUnit)
    pack = models.CharField(_("pack"), max_length=10, choices=enums.Pack, default=enums.Pack.BOX)
    approval_no = models.CharField(
        _("approval number"), max_length=40, validators=[validate_approval_no]
    )
    gtin = models.CharField("GTIN", max_length=14, blank=True, validators=[validate_gtin14])
    atc = models.CharField(
        "ATC",
        max_length=7,
        blank=True,
        validators=[
            RegexValidator(
                r"^[A-Z](\d{2}([A-Z]([A-Z](\d{2})?)?)?)?$", _("An ATC code, such as A10AB05.")
            )
        ],
    )
    insurance_code = models.CharField(_("national insurance code"), max_length=40, blank=True)
    mah = models.CharField(_("marketing authorisation holder"), max_length=150)
    manufacturer = models.CharField(_("manufacturer"), max_length=150)
    lot_no = models.CharField(
        _("lot number"),
        max_length=20,
        validators=[RegexValidator(GS1_CHARACTERS, _("Letters, digits and signs, no spaces."))],
    )
    serials = models.TextField(
        _("trace codes"), max_length=20_000, blank=True, help_text=_("One per line and pack.")
    )
    mfg_date = models.DateField(_("manufactured on"))
    expiry_date = models.DateField(
        _("usable until"), help_text=_("The last day on which it may be used.")
    )
    control_class = models.CharField(
        _("control class"),
        max_length=20,
        choices=enums.ControlClass,
        default=enums.ControlClass.NONE,
    )
    preparation_approval = models.CharField(
        _("approval to transfer a hospital preparation"), max_length=100, blank=True
    )
    storage_class = models.CharField(_("storage"), max_length=20, choices=enums.StorageClass)
    pack_state = models.CharField(
        _("state of the packs"),
        max_length=15,
        choices=enums.PackState,
        default=enums.PackState.SEALED,
    )
    quarantine_state = models.CharField(
        _("release"),
        max_length=10,
        choices=enums.QuarantineState,
        default=enums.QuarantineState.RELEASED,
    )
    recall_checked_at = models.DateTimeField(_("recalls last checked"), null=True, blank=True)
    transfer_basis = models.CharField(
        _("basis of the transfer"), max_length=25, choices=enums.TransferBasis, blank=True
    )
    basis_evidence = models.CharField(_("evidence of the basis"), max_length=200, blank=True)
    unit_cost = models.DecimalField(_("cost of a pack"), default=0, **MONEY)
    transfer_price = models.DecimalField(
        _("asked of the receiver, per pack"),
        default=0,
        help_text=_("Not more than it cost you."),
        **MONEY,
    )
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    min_days_at_receipt = models.PositiveSmallIntegerField(
        _("days left at receipt, at least"), default=0, validators=[MaxValueValidator(3650)]
    )
    # The institution that it came from through the portal: then it stays (MED-18).
    received_from = models.ForeignKey(
        "medshare_portal.Institution", models.PROTECT, null=True, related_name="+", editable=False
    )
    identity_fixed = models.BooleanField(default=False, editable=False)
    on_hand = models.PositiveIntegerField(_("on hand"), default=0, editable=False)
    reserved = models.PositiveIntegerField(_("reserved"), default=0, editable=False)
    in_transit = models.PositiveIntegerField(_("on the way"), default=0, editable=False)

    unscoped = models.Manager()
    objects = tenant_manager(MedicineLotQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("lot")
        verbose_name_plural = _("lots")
        constraints = [
            models.CheckConstraint(
                name="lot_has_a_name",
                condition=~Q(generic_name_en="") | ~Q(generic_name_zh=""),
                violation_error_message=_("Give a name in at least one language."),
            ),
            models.CheckConstraint(name="lot_pack_not_empty", condition=Q(pack_size__gte=1)),
            models.CheckConstraint(
                name="lot_expires_after_manufacture",
                condition=Q(expiry_date__gt=F("mfg_date")),
                violation_error_message=_("It expires before it was made."),
            ),
            models.CheckConstraint(
                name="lot_stock_holds",
                condition=Q(on_hand__gte=0, reserved__gte=0, reserved__lte=F("on_hand")),
            ),
            models.CheckConstraint(name="lot_transit_holds", condition=Q(in_transit__gte=0)),
            models.CheckConstraint(
                name="lot_without_profit",
                condition=Q(transfer_price__lte=F("unit_cost")),
                violation_error_message=_("Not more than it cost you."),
            ),
            models.CheckConstraint(
                name="lot_control_class_known",
                condition=Q(control_class__in=enums.ControlClass.values),
            ),
            models.CheckConstraint(
                name="lot_storage_class_known",
                condition=Q(storage_class__in=enums.StorageClass.values),
            ),
            models.CheckConstraint(
                name="lot_pack_state_known", condition=Q(pack_state__in=enums.PackState.values)
            ),
            models.CheckConstraint(
                name="lot_quarantine_state_known",
                condition=Q(quarantine_state__in=enums.QuarantineState.values),
            ),
        ]
        indexes = [
            models.Index(fields=["institution", "expiry_date"], name="lot_by_expiry"),
            models.Index(fields=["institution", "item_key", "expiry_date"], name="lot_of_item"),
            models.Index(fields=["lot_no", "approval_no"], name="lot_by_number"),
        ]

    def __str__(self) -> str:
        return self.lot_no

    def save(self, *args, **kwargs):
        """What follows from other columns: the institution and the item."""
        self.institution_id = self.resource.institution_id
        self.item_key = item_key(
            self.generic_name_en, self.generic_name_zh, self.dose_form, self.strength, self.unit
        )
        super().save(*args, **kwargs)

    @property
    def free(self) -> int:
        """Packs on hand that nothing is reserved of."""
        return self.on_hand - self.reserved

    @property
    def needs_cold_chain(self) -> bool:
        return self.storage_class in enums.StorageClass.COLD_CHAIN

    @property
    def needs_dual_sign_off(self) -> bool:
        return self.control_class in enums.ControlClass.DUAL_SIGN_OFF
