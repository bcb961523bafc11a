"""What is particular to a person who is lent for shifts (domain.md 2.4)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from medshare_portal.tenancy import TenantQuerySet, tenant_manager
from resources import enums_staff as enums


class OfPersonQuerySet(TenantQuerySet):
    """Rows about one person: their institution's, and what a scoped queryset of people shows."""

    def owned_by(self, institution):
        return self.scoped("owned_by", resource__institution=institution)

    def of_visible(self, resources):
        """Rows of a queryset of resources that is itself scoped."""
        return self.scoped("of_visible", resource__in=resources)


class StaffMember(models.Model):
    """A person.  Others know the badge (``resource.code``), profession and grade, never the name.

    The licence number itself is not kept: ``licence_masked`` is for its owner to recognise it,
    ``licence_digest`` (keyed) finds the same number anywhere in the city.
    """

    resource = models.OneToOneField(
        "resources.Resource", models.CASCADE, primary_key=True, related_name="staff_member"
    )
    person_name = models.CharField(_("name of the person"), max_length=80)
    user = models.OneToOneField(
        "medshare_portal.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="staff_member",
        verbose_name=_("own account"),
    )
    email = models.EmailField(_("e-mail for invitations"), blank=True)
    title_level = models.CharField(_("grade"), max_length=12, choices=enums.TitleLevel)
    specialties = models.ManyToManyField(
        "medshare_portal.Code", blank=True, related_name="+", verbose_name=_("specialties")
    )
    practising_since = models.PositiveSmallIntegerField(
        _("practising since (year)"), null=True, blank=True
    )
    licence_kind = models.CharField(_("licence"), max_length=12, choices=enums.LicenceKind)
    licence_category = models.CharField(
        _("licence category"), max_length=16, choices=enums.LicenceCategory, blank=True
    )
    licence_masked = models.CharField(_("licence number"), max_length=40, blank=True)
    licence_digest = models.CharField(max_length=64, blank=True, editable=False)
    licence_issuer = models.CharField(_("issued by"), max_length=120, blank=True)
    licence_issued_on = models.DateField(_("issued on"), null=True, blank=True)
    licence_valid_until = models.DateField(_("licence valid until"), null=True, blank=True)
    licence_status = models.CharField(
        _("state of the licence"),
        max_length=10,
        choices=enums.LicenceStatus,
        default=enums.LicenceStatus.ACTIVE,
    )
    licence_source = models.CharField(
        _("licence known from"), max_length=10, choices=enums.CredentialSource, blank=True
    )
    licence_verified_by = models.CharField(_("licence verified by"), max_length=80, blank=True)
    licence_verified_on = models.DateField(_("licence verified on"), null=True, blank=True)

    unscoped = models.Manager()
    objects = tenant_manager(OfPersonQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("staff member")
        verbose_name_plural = _("staff")
        constraints = [
            models.UniqueConstraint(
                fields=["licence_digest"],
                condition=~Q(licence_digest=""),
                name="staff_licence_once",
            ),
            models.CheckConstraint(
                name="staff_licence_has_a_number",
                condition=Q(licence_kind="none", licence_digest="")
                | (~Q(licence_kind="none") & ~Q(licence_digest="")),
                violation_error_message=_("A licence has a number; a role without one has none."),
            ),
            models.CheckConstraint(
                name="staff_licence_ends_after_issue",
                condition=Q(licence_issued_on__isnull=True)
                | Q(licence_valid_until__isnull=True)
                | Q(licence_valid_until__gte=F("licence_issued_on")),
                violation_error_message=_("The licence ends before it was issued."),
            ),
            models.CheckConstraint(
                name="staff_licence_status_known",
                condition=Q(licence_status__in=["active", "suspended", "revoked"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_title_level_display()} {self.resource_id}"


class Credential(models.Model):
    """Evidence of a skill or a clearance: from which source, verified by whom, until when."""

    institution = models.ForeignKey("medshare_portal.Institution", models.PROTECT, related_name="+")
    resource = models.ForeignKey("resources.Resource", models.CASCADE, related_name="credentials")
    kind = models.CharField(_("credential"), max_length=16, choices=enums.CredentialKind)
    competency = models.ForeignKey(
        "resources.Competency",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("competency"),
    )
    title = models.CharField(_("description"), max_length=120, blank=True)
    evidence = models.CharField(_("number or file of the evidence"), max_length=120, blank=True)
    source = models.CharField(_("known from"), max_length=10, choices=enums.CredentialSource)
    verified_by = models.CharField(_("verified by"), max_length=80)
    verified_on = models.DateField(_("verified on"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    unscoped = models.Manager()
    objects = tenant_manager(OfPersonQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("credential")
        verbose_name_plural = _("credentials")
        constraints = [
            models.CheckConstraint(
                name="credential_kind_known",
                condition=Q(kind__in=["competency", "health_clearance", "vaccination", "training"]),
            ),
            models.CheckConstraint(
                name="credential_competency_named",
                condition=~Q(kind="competency") | Q(competency__isnull=False),
                violation_error_message=_("Choose the competency."),
            ),
        ]
        indexes = [
            models.Index(fields=["resource", "kind", "valid_until"], name="credential_of_person"),
            models.Index(fields=["institution", "valid_until"], name="credential_ends"),
        ]

    def __str__(self) -> str:
        return str(self.competency or self.title or self.get_kind_display())


class PracticeBasis(models.Model):
    """On what a person may practise at one host, with its evidence (STF-03)."""

    institution = models.ForeignKey("medshare_portal.Institution", models.PROTECT, related_name="+")
    resource = models.ForeignKey("resources.Resource", models.CASCADE, related_name="bases")
    host = models.ForeignKey(
        "medshare_portal.Institution",
        models.PROTECT,
        related_name="+",
        verbose_name=_("host institution"),
    )
    basis = models.CharField(_("basis"), max_length=24, choices=enums.PracticeBasisCode)
    evidence = models.CharField(_("number or file of the evidence"), max_length=120)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    unscoped = models.Manager()
    objects = tenant_manager(OfPersonQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("practice basis")
        verbose_name_plural = _("practice bases")
        constraints = [
            models.CheckConstraint(
                name="basis_ends_after_start",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                violation_error_message=_("It ends before it starts."),
            ),
            models.CheckConstraint(name="basis_has_evidence", condition=~Q(evidence="")),
            models.CheckConstraint(
                name="basis_is_for_another", condition=~Q(host=F("institution"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.get_basis_display()}"


class Indemnity(models.Model):
    """Who answers for harm, at which host (none: at every one of the city), until when (STF-05)."""

    institution = models.ForeignKey("medshare_portal.Institution", models.PROTECT, related_name="+")
    resource = models.ForeignKey("resources.Resource", models.CASCADE, related_name="indemnities")
    host = models.ForeignKey(
        "medshare_portal.Institution",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("covers the host"),
    )
    insurer = models.CharField(_("insurer"), max_length=120)
    reference = models.CharField(_("policy number"), max_length=80)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"))

    unscoped = models.Manager()
    objects = tenant_manager(OfPersonQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("indemnity")
        verbose_name_plural = _("indemnities")
        constraints = [
            models.CheckConstraint(
                name="indemnity_ends_after_start",
                condition=Q(valid_until__gte=F("valid_from")),
                violation_error_message=_("It ends before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.insurer}"


class CommittedShiftQuerySet(OfPersonQuerySet):
    def overlapping(self, starts_at, ends_at):
        return self.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)


class CommittedShift(models.Model):
    """A shift outside the portal: busy time (UTC, half-open), and it counts in hours and rest."""

    institution = models.ForeignKey("medshare_portal.Institution", models.PROTECT, related_name="+")
    resource = models.ForeignKey("resources.Resource", models.CASCADE, related_name="shifts")
    employer = models.CharField(
        _("worked for"), max_length=5, choices=enums.Employer, default=enums.Employer.HOME
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    break_minutes = models.PositiveSmallIntegerField(_("break, minutes"), default=0)
    note = models.CharField(_("note"), max_length=120, blank=True)
    source_uid = models.CharField(_("calendar UID"), max_length=250, blank=True)
    source_starts_at = models.DateTimeField(_("start by the calendar's rule"), null=True)
    created_by = models.ForeignKey("medshare_portal.User", models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    unscoped = models.Manager()
    objects = tenant_manager(CommittedShiftQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        constraints = [
            models.CheckConstraint(
                name="shift_ends_after_start",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("End must be after start."),
            ),
            models.CheckConstraint(
                name="shift_employer_known", condition=Q(employer__in=["home", "other"])
            ),
            models.UniqueConstraint(
                fields=["resource", "starts_at"],
                name="shift_once_per_start",
                violation_error_message=_("A shift of this person begins then already."),
            ),
        ]
        indexes = [
            models.Index(fields=["resource", "ends_at", "starts_at"], name="shift_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.starts_at:%F %H:%M}"
