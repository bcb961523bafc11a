"""What is particular to equipment (domain.md 2.2)."""

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from medshare_portal.bilingual import BilingualName
from medshare_portal.tenancy import TenantQuerySet, tenant_manager
from medshare_portal.validators import validate_gtin14
from resources import enums

MONEY = {"max_digits": 14, "decimal_places": 2, "validators": [MinValueValidator(0)]}


class Competency(BilingualName, models.Model):
    """A skill that an operator must hold, such as ECMO or CRRT operation."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_en = models.CharField(_("name (English)"), max_length=200)
    name_zh = models.CharField(_("name (Chinese)"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("competency")
        verbose_name_plural = _("competencies")


class OperatorCompetency(models.Model):
    """How many people at an institution hold a competency, and until when."""

    institution = models.ForeignKey(
        "medshare_portal.Institution",
        models.CASCADE,
        related_name="operator_competencies",
        verbose_name=_("institution"),
    )
    competency = models.ForeignKey(
        Competency, models.PROTECT, related_name="+", verbose_name=_("competency")
    )
    holders = models.PositiveIntegerField(_("people who hold it"), default=1)
    valid_until = models.DateField(_("valid until"))
    evidence = models.CharField(_("evidence"), max_length=200, blank=True)

    unscoped = models.Manager()
    objects = tenant_manager()

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("operator competency")
        verbose_name_plural = _("operator competencies")
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "competency"], name="operator_competency_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution_id} {self.competency}"


class EquipmentQuerySet(TenantQuerySet):
    def owned_by(self, institution):
        return self.scoped("owned_by", resource__institution=institution)

    def of_visible(self, resources):
        """Rows of a queryset of resources that is itself scoped."""
        return self.scoped("of_visible", resource__in=resources)


class Equipment(models.Model):
    """Detail row of a resource of kind equipment (FHIR Device)."""

    resource = models.OneToOneField(
        "resources.Resource", models.CASCADE, primary_key=True, related_name="equipment"
    )
    model = models.CharField(_("model"), max_length=100, blank=True)
    manufacturer = models.CharField(_("manufacturer"), max_length=100, blank=True)
    serial_no = models.CharField(_("serial number"), max_length=60, blank=True)
    nmpa_category = models.ForeignKey(
        "medshare_portal.Code", models.PROTECT, related_name="+", verbose_name=_("NMPA category")
    )
    risk_class = models.CharField(_("risk class"), max_length=3, choices=enums.RiskClass)
    registration_no = models.CharField(_("registration number"), max_length=60, blank=True)
    registration_valid_until = models.DateField(
        _("registration valid until"), null=True, blank=True
    )
    emdn = models.CharField(
        "EMDN",
        max_length=13,
        blank=True,
        validators=[RegexValidator(r"^[A-HJ-NP-Z]\d{0,12}$", _("A letter and up to 12 digits."))],
    )
    udi_di = models.CharField("UDI-DI", max_length=14, blank=True, validators=[validate_gtin14])
    modality = models.ForeignKey(
        "medshare_portal.Code",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("DICOM modality"),
    )
    licensed_large = models.CharField(
        _("licensed large equipment"),
        max_length=4,
        choices=enums.LicensedLarge,
        default=enums.LicensedLarge.NONE,
    )
    licence_no = models.CharField(_("configuration licence"), max_length=60, blank=True)
    radiation = models.BooleanField(_("emits radiation"), default=False)
    radiation_licence_no = models.CharField(_("radiation licence"), max_length=60, blank=True)
    fixed = models.BooleanField(_("fixed in place"), default=False)
    mains_powered = models.BooleanField(_("mains-powered"), default=True)
    single_use = models.BooleanField(_("single use"), default=False)
    on_site = models.BooleanField(_("may be used at our site"), default=False)
    loan = models.BooleanField(_("may be lent"), default=True)
    service = models.BooleanField(_("offered as a service"), default=False)
    status = models.CharField(
        _("technical state"),
        max_length=12,
        choices=enums.EquipmentStatus,
        default=enums.EquipmentStatus.OPERATIONAL,
    )
    status_note = models.CharField(_("note on the state"), max_length=200, blank=True)
    obsolete = models.BooleanField(
        _("obsolete"), default=False, help_text=_("Taken out of use by its maker or the state.")
    )
    rated_hours_day = models.DecimalField(
        _("rated hours a day"), max_digits=4, decimal_places=1, default=6
    )
    rated_hours_year = models.DecimalField(
        _("rated hours a year"), max_digits=6, decimal_places=1, default=1500
    )
    max_daily_capacity = models.PositiveIntegerField(
        _("most examinations a day"), null=True, blank=True
    )
    avg_duration = models.PositiveIntegerField(_("minutes per examination"), null=True, blank=True)
    pm_interval_days = models.PositiveIntegerField(
        _("maintenance interval, days"), null=True, blank=True
    )
    last_pm = models.DateField(_("last maintenance"), null=True, blank=True)
    next_pm_due = models.DateField(_("next maintenance due"), null=True, blank=True)
    last_calibration = models.DateField(_("last calibration"), null=True, blank=True)
    calibration_due = models.DateField(_("calibration due"), null=True, blank=True)
    last_safety_test = models.DateField(_("last electrical safety test"), null=True, blank=True)
    safety_test_due = models.DateField(_("electrical safety test due"), null=True, blank=True)
    safety_test_result = models.CharField(
        _("safety test result"),
        max_length=4,
        choices=enums.TestResult,
        default=enums.TestResult.NONE,
    )
    service_life_until = models.DateField(_("end of service life"), null=True, blank=True)
    decontamination_state = models.CharField(
        _("decontamination"),
        max_length=12,
        choices=enums.Decontamination,
        default=enums.Decontamination.CLEAN,
    )
    decontaminated_at = models.DateTimeField(_("decontaminated at"), null=True, blank=True)
    decontamination_record = models.CharField(
        _("decontamination record"), max_length=100, blank=True
    )
    required_competency = models.ForeignKey(
        Competency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("competency an operator must hold"),
    )
    counter_reading = models.PositiveIntegerField(_("hour counter"), null=True, blank=True)
    replacement_value = models.DecimalField(_("replacement value"), null=True, blank=True, **MONEY)
    deposit = models.DecimalField(_("deposit"), default=0, **MONEY)
    indemnity_ref = models.CharField(_("insurance or indemnity"), max_length=100, blank=True)

    unscoped = models.Manager()
    objects = tenant_manager(EquipmentQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("equipment")
        verbose_name_plural = _("equipment")
        constraints = [
            models.UniqueConstraint(
                fields=["manufacturer", "serial_no"],
                condition=~Q(serial_no=""),
                name="equipment_serial_once",
                violation_error_message=_("This serial number of this manufacturer is registered."),
            ),
            models.CheckConstraint(
                name="equipment_large_is_licensed_and_stays",
                condition=Q(licensed_large="none") | (~Q(licence_no="") & Q(loan=False)),
                violation_error_message=_(
                    "Licensed large equipment needs its licence number and is used on site only."
                ),
            ),
            models.CheckConstraint(
                name="equipment_fixed_is_not_lent",
                condition=Q(fixed=False) | Q(loan=False),
                violation_error_message=_("Fixed equipment cannot be lent."),
            ),
            models.CheckConstraint(
                name="equipment_registered_above_class_one",
                condition=Q(risk_class="I") | ~Q(registration_no=""),
                violation_error_message=_("Class II and III need a registration number."),
            ),
            models.CheckConstraint(
                name="equipment_status_known",
                condition=Q(
                    status__in=["operational", "degraded", "down", "maintenance", "retired", "lost"]
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.manufacturer} {self.model}".strip() or str(self.resource_id)

    @property
    def share_modes(self) -> list[enums.ShareMode]:
        """The modes that the owner allows."""
        return [mode for mode in enums.ShareMode if getattr(self, mode.value)]


class Accessory(models.Model):
    """What must come along and come back: counted at handover and return."""

    resource = models.ForeignKey("resources.Resource", models.CASCADE, related_name="accessories")
    name_en = models.CharField(_("name (English)"), max_length=100, blank=True)
    name_zh = models.CharField(_("name (Chinese)"), max_length=100, blank=True)
    count = models.PositiveSmallIntegerField(_("count"), default=1)

    unscoped = models.Manager()
    objects = tenant_manager(EquipmentQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("accessory")
        verbose_name_plural = _("accessories")

    def __str__(self) -> str:
        return f"{self.name} × {self.count}"

    @property
    def name(self) -> str:
        return BilingualName.name.fget(self)


class UseLogEntry(models.Model):
    """Actual use of a device (条例 §50 实际使用时间): append-only."""

    class Use(models.TextChoices):
        SHARED = "shared", _("Use by another institution")
        OWN = "own", _("Own use")
        MAINTENANCE = "maintenance", _("Maintenance")
        FAULT = "fault", _("Fault")

    resource = models.ForeignKey("resources.Resource", models.PROTECT, related_name="use_log")
    institution = models.ForeignKey("medshare_portal.Institution", models.PROTECT, related_name="+")
    use = models.CharField(_("use"), max_length=12, choices=Use)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    counter_start = models.PositiveIntegerField(_("counter at start"), null=True)
    counter_end = models.PositiveIntegerField(_("counter at end"), null=True)
    recorded_at = models.DateTimeField(_("recorded"))

    unscoped = models.Manager()
    objects = tenant_manager(EquipmentQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        constraints = [
            models.CheckConstraint(
                name="use_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(
                name="use_counter_never_falls",
                condition=Q(counter_start__isnull=True)
                | Q(counter_end__isnull=True)
                | Q(counter_end__gte=F("counter_start")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.starts_at:%F}"
