"""The stock ledger of medicines, and what an institution uses of them."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from medshare_portal.tenancy import OwnedQuerySet, tenant_manager
from resources import enums_medicine as enums
from resources.enums_medicine import EFFECTS, MovementSort


def _as_its_sort_says() -> Q:
    """Each sort changes the three balances by the quantity and its signs."""
    whole = Q()
    for sort, (on_hand, reserved, in_transit) in EFFECTS.items():
        one = Q(
            sort=sort.value,
            on_hand_change=F("quantity") * on_hand,
            reserved_change=F("quantity") * reserved,
            in_transit_change=F("quantity") * in_transit,
        )
        whole |= one & (Q(quantity__gt=0) if sort != MovementSort.CORRECT else ~Q(quantity=0))
    return whole


class StockMovementQuerySet(OwnedQuerySet):
    tenant_field = "lot__institution"

    def of_visible(self, resources):
        """Movements of a queryset of resources that is itself scoped."""
        return self.scoped("of_visible", lot__resource__in=resources)


class StockMovement(models.Model):
    """One line of the ledger: never changed, never removed.

    ``reference`` names what it was done for, such as a sharing request (MED-12).
    """

    lot = models.ForeignKey("resources.MedicineLot", models.PROTECT, related_name="movements")
    offer = models.ForeignKey(
        "resources.Offer", models.PROTECT, null=True, related_name="movements"
    )
    sort = models.CharField(_("movement"), max_length=10, choices=MovementSort)
    quantity = models.IntegerField(_("packs"))
    on_hand_change = models.IntegerField()
    reserved_change = models.IntegerField()
    in_transit_change = models.IntegerField()
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        "medshare_portal.User", models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    reason = models.CharField(_("reason"), max_length=250, blank=True)
    reference = models.CharField(_("for"), max_length=40, blank=True)

    unscoped = models.Manager()
    objects = tenant_manager(StockMovementQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("stock movement")
        verbose_name_plural = _("stock movements")
        constraints = [
            models.CheckConstraint(name="movement_as_its_sort", condition=_as_its_sort_says()),
            models.CheckConstraint(
                name="movement_with_reason",
                condition=~Q(sort__in=MovementSort.NEEDS_REASON) | ~Q(reason=""),
            ),
        ]
        indexes = [
            models.Index(fields=["lot", "at"], name="movement_of_lot"),
            models.Index(fields=["reference"], name="movement_for"),
        ]


class MedicineUse(models.Model):
    """How much of an item an institution uses in a day, in dose units, all sites together."""

    institution = models.ForeignKey("medshare_portal.Institution", models.CASCADE, related_name="+")
    item_key = models.CharField(max_length=250, editable=False)
    generic_name_en = models.CharField(_("generic name (English)"), max_length=150, blank=True)
    generic_name_zh = models.CharField(_("generic name (Chinese)"), max_length=150, blank=True)
    dose_form = models.CharField(_("dose form"), max_length=20, choices=enums.DoseForm)
    strength = models.CharField(_("strength"), max_length=60)
    unit = models.CharField(_("dose unit"), max_length=10, choices=enums.DoseUnit)
    units_per_day = models.DecimalField(
        _("dose units used a day"),
        max_digits=12,
        decimal_places=3,
        validators=[MinValueValidator(0)],
    )
    units_per_day_last_year = models.DecimalField(
        _("a year ago"),
        max_digits=12,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    measured_days = models.PositiveSmallIntegerField(
        _("measured over days"),
        default=90,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
    )
    measured_until = models.DateField(_("measured until"))

    unscoped = models.Manager()
    objects = tenant_manager()

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("daily use")
        verbose_name_plural = _("daily use of medicines")
        constraints = [
            models.UniqueConstraint(fields=["institution", "item_key"], name="use_once_per_item"),
            models.CheckConstraint(
                name="use_not_negative",
                condition=Q(units_per_day__gte=0)
                & (Q(units_per_day_last_year__isnull=True) | Q(units_per_day_last_year__gte=0)),
            ),
            models.CheckConstraint(
                name="use_has_a_name",
                condition=~Q(generic_name_en="") | ~Q(generic_name_zh=""),
                violation_error_message=_("Give a name in at least one language."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution_id} {self.item_key}"


class RecallNotice(models.Model):
    """A recall of the maker or the authority: one approval number, one lot, the whole city."""

    approval_no = models.CharField(_("approval number"), max_length=40)
    lot_no = models.CharField(_("lot number"), max_length=20)
    reference = models.CharField(_("number of the recall notice"), max_length=100)
    reason = models.CharField(_("reason"), max_length=250)
    entered_by = models.ForeignKey("medshare_portal.User", models.PROTECT, related_name="+")
    entered_at_institution = models.ForeignKey(
        "medshare_portal.Institution", models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField(_("entered"))

    class Meta:
        verbose_name = _("recall notice")
        verbose_name_plural = _("recall notices")
        constraints = [
            models.UniqueConstraint(
                fields=["approval_no", "lot_no", "reference"],
                name="recall_notice_once",
                violation_error_message=_("This recall notice is entered already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} ({self.lot_no})"
