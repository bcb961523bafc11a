"""What is particular to shared information: its content, and who may have it for what."""

from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from medshare_portal.tenancy import OwnedQuerySet, TenantQuerySet, tenant_manager
from resources import enums_information as enums

HTTPS_ONLY = URLValidator(schemes=["https"], message=_("Enter an address that starts with https."))


class InformationAssetQuerySet(TenantQuerySet):
    def owned_by(self, institution):
        return self.scoped("owned_by", resource__institution=institution)

    def of_visible(self, resources):
        """Rows of a queryset of resources that is itself scoped."""
        return self.scoped("of_visible", resource__in=resources)


class InformationAsset(models.Model):
    """Detail row of a resource of kind information (FHIR DocumentReference).

    The content is a file (``SharedFile``; ``content_number`` is the one in force, 0 none) or
    ``endpoint``, an address that only who holds an open grant is told.  ``checked_as`` is the
    ``identifiability`` for which the present file was looked through (INF-10, INF-11).
    """

    resource = models.OneToOneField(
        "resources.Resource", models.CASCADE, primary_key=True, related_name="information"
    )
    info_type = models.ForeignKey(
        "medshare_portal.Code",
        models.PROTECT,
        related_name="+",
        verbose_name=_("kind of information"),
    )
    summary = models.TextField(_("what it contains"), max_length=2000)
    custodian = models.CharField(_("kept by"), max_length=120)
    identifiability = models.CharField(
        _("data on persons"), max_length=14, choices=enums.Identifiability
    )
    sensitivity = models.CharField(
        _("confidentiality"),
        max_length=1,
        choices=enums.Sensitivity,
        default=enums.Sensitivity.NORMAL,
    )
    field_names = models.TextField(
        _("fields it contains"),
        max_length=4000,
        blank=True,
        help_text=_("One per line; a request names those that it needs."),
    )
    endpoint = models.URLField(
        _("address of the content"),
        max_length=500,
        blank=True,
        validators=[HTTPS_ONLY],
        help_text=_("Instead of a file; shown only to who holds an open grant."),
    )
    content_number = models.PositiveIntegerField(
        _("version of the content"), default=0, editable=False
    )
    checked_as = models.CharField(max_length=14, blank=True, editable=False)
    recognised_item = models.ForeignKey(
        "medshare_portal.Code",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("item of mutual recognition"),
    )
    performed_on = models.DateField(_("examined on"), null=True, blank=True)
    valid_days = models.PositiveIntegerField(
        _("valid for, days"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text=_("Only if shorter than the city's list says."),
    )
    qc_passed = models.BooleanField(_("external quality control passed"), default=False)
    qc_valid_to = models.DateField(_("quality control valid until"), null=True, blank=True)
    mark_scope = models.CharField(
        _("mark of mutual recognition"),
        max_length=8,
        choices=enums.MarkScope,
        default=enums.MarkScope.NONE,
    )

    CODES_BY_NAME = ("info_type", "recognised_item")  # their codes say nothing to a person

    unscoped = models.Manager()
    objects = tenant_manager(InformationAssetQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("information")
        verbose_name_plural = _("information")
        constraints = [
            models.CheckConstraint(
                name="information_identifiability_known",
                condition=Q(identifiability__in=[one.value for one in enums.Identifiability]),
            ),
            models.CheckConstraint(
                name="information_sensitivity_known",
                condition=Q(sensitivity__in=[one.value for one in enums.Sensitivity]),
            ),
            models.CheckConstraint(
                name="information_endpoint_is_https",
                condition=Q(endpoint="") | Q(endpoint__startswith="https://"),
                violation_error_message=_("Enter an address that starts with https."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.resource_id)

    @property
    def fields(self) -> list[str]:
        """The names of its fields, in order."""
        return [line.strip() for line in self.field_names.splitlines() if line.strip()]


class SharedFileQuerySet(OwnedQuerySet):
    def of_visible(self, resources):
        """Rows of a queryset of resources that is itself scoped: that there is content."""
        return self.scoped("of_visible", resource__in=resources)

    def newest_first(self):
        return self.order_by("-number")


class SharedFile(models.Model):
    """One version of the content.  It has no address: it leaves through an open grant only."""

    institution = models.ForeignKey("medshare_portal.Institution", models.PROTECT, related_name="+")
    resource = models.ForeignKey("resources.Resource", models.CASCADE, related_name="shared_files")
    number = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=120)
    file = models.FileField(upload_to="information/%Y/%m")
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    suppressed = models.BooleanField(_("small counts suppressed"), default=False)
    uploaded_by = models.ForeignKey("medshare_portal.User", models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded"))

    unscoped = models.Manager()
    objects = tenant_manager(SharedFileQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("content")
        verbose_name_plural = _("contents")
        constraints = [
            models.UniqueConstraint(fields=["resource", "number"], name="shared_file_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"


class AccessTermsQuerySet(OwnedQuerySet):
    def of_visible(self, resources):
        """Rows of a queryset of resources that is itself scoped."""
        return self.scoped("of_visible", resource__in=resources)

    def newest_first(self):
        return self.order_by("-number")


class AccessTerms(models.Model):
    """The conditions, by version: a row is never changed, because people have agreed to it."""

    institution = models.ForeignKey("medshare_portal.Institution", models.PROTECT, related_name="+")
    resource = models.ForeignKey("resources.Resource", models.PROTECT, related_name="access_terms")
    number = models.PositiveIntegerField(_("version"))
    purposes = models.JSONField(_("purposes allowed"), default=list)
    recipient_roles = models.JSONField(_("who may open it"), default=list)
    legal_bases = models.JSONField(_("legal bases accepted"), default=list)
    max_days = models.PositiveIntegerField(
        _("longest access, days"), validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    max_looks = models.PositiveIntegerField(
        _("most looks"), validators=[MinValueValidator(1), MaxValueValidator(10_000)]
    )
    retention_days = models.PositiveIntegerField(
        _("may be kept for, days"), validators=[MaxValueValidator(3650)]
    )
    onward_sharing = models.CharField(_("passing on"), max_length=12, choices=enums.OnwardSharing)
    deidentification = models.CharField(
        _("de-identification"), max_length=12, choices=enums.Deidentification
    )
    contract_needed = models.BooleanField(_("needs a contract with the recipient"), default=True)
    agreement_en = models.TextField(_("agreement (English)"), max_length=8000, blank=True)
    agreement_zh = models.TextField(_("agreement (Chinese)"), max_length=8000, blank=True)
    made_by = models.ForeignKey("medshare_portal.User", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made"))

    unscoped = models.Manager()
    objects = tenant_manager(AccessTermsQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("conditions")
        verbose_name_plural = _("conditions")
        constraints = [
            models.UniqueConstraint(fields=["resource", "number"], name="access_terms_number_once"),
            models.CheckConstraint(
                name="access_terms_have_an_agreement",
                condition=~Q(agreement_en="") | ~Q(agreement_zh=""),
                violation_error_message=_("Write the agreement in at least one language."),
            ),
            models.CheckConstraint(
                name="access_terms_end", condition=Q(max_days__range=(1, 365), max_looks__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource_id} v{self.number}"


class RecognitionRecord(models.Model):
    """What an institution did with a result that it could look up: recognised, or examined again.

    Append-only: the recognition rate and the repeated examinations are counted from it.
    """

    institution = models.ForeignKey("medshare_portal.Institution", models.PROTECT, related_name="+")
    resource = models.ForeignKey("resources.Resource", models.PROTECT, related_name="+")
    verdict = models.CharField(_("what the rules say"), max_length=8)
    recognised = models.BooleanField(_("recognised"))
    reason = models.CharField(
        _("why examined again"), max_length=10, choices=enums.RepeatReason, blank=True
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    points = models.JSONField(default=list)  # every rule with its verdict, as it was said
    by = models.ForeignKey("medshare_portal.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"))

    unscoped = models.Manager()
    objects = tenant_manager()

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("recognition")
        verbose_name_plural = _("recognitions")
        constraints = [
            models.CheckConstraint(
                name="recognition_repeat_has_a_reason",
                condition=Q(recognised=True, reason="") | (Q(recognised=False) & ~Q(reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.at:%F}"
