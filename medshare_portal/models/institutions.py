"""Institutions, their sites, and the consortia that they belong to."""

from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from medshare_portal.bilingual import BilingualName, localised
from medshare_portal.tenancy import TenantQuerySet, tenant_manager
from medshare_portal.validators import validate_gln, validate_time_zone, validate_uscc


class InstitutionQuerySet(TenantQuerySet):
    """An institution's name is in the city's directory; nothing else of it is."""

    def directory(self):
        """Institutions that take part: every signed-in person may know these names."""
        return self.scoped("directory", status=Institution.Status.ACTIVE)

    def of_user(self, user):
        """Institutions at which the user holds a role (through the user's groups)."""
        return self.scoped("of_user", role_groups__group__user=user).distinct()


class Institution(BilingualName, models.Model):
    """A hospital, clinic or agency that owns and borrows (FHIR Organization)."""

    class Status(models.TextChoices):
        APPLIED = "applied", _("Applied")
        VERIFIED = "verified", _("Verified")
        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")
        CLOSED = "closed", _("Closed")

    slug = models.SlugField(_("short name in addresses"), max_length=40, unique=True)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    name_zh = models.CharField(_("name (Chinese)"), max_length=200, blank=True)
    uscc = models.CharField(
        _("unified social credit code"), max_length=18, unique=True, validators=[validate_uscc]
    )
    practice_licence_no = models.CharField(
        _("practice licence number"), max_length=22, unique=True, null=True, blank=True
    )
    licence_valid_to = models.DateField(_("practice licence valid to"), null=True, blank=True)
    institution_type = models.CharField(_("institution type"), max_length=10, blank=True)
    hospital_level = models.CharField(_("hospital level"), max_length=10, blank=True)
    district_en = models.CharField(_("district (English)"), max_length=80, blank=True)
    district_zh = models.CharField(_("district (Chinese)"), max_length=80, blank=True)
    beds = models.PositiveIntegerField(_("beds"), default=0)
    service_population = models.PositiveIntegerField(_("population served"), default=0)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.APPLIED)
    approved_specialties = models.ManyToManyField(
        "medshare_portal.Code", blank=True, related_name="+", verbose_name=_("approved specialties")
    )
    contact_phone = models.CharField(_("sharing desk phone"), max_length=40, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    time_zone: str | None = None  # of the main site, where ``memberships`` has read it

    unscoped = models.Manager()
    objects = tenant_manager(InstitutionQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        constraints = [
            models.CheckConstraint(
                name="institution_has_a_name",
                condition=~Q(name_en="") | ~Q(name_zh=""),
                violation_error_message=_("Give a name in at least one language."),
            ),
            models.CheckConstraint(
                name="institution_status_known",
                condition=Q(status__in=["applied", "verified", "active", "suspended", "closed"]),
            ),
        ]

    @property
    def district(self) -> str:
        return localised(self, "district")


class SiteQuerySet(TenantQuerySet):
    def owned_by(self, institution):
        return self.scoped("owned_by", institution=institution)

    def directory(self):
        """Sites of active institutions: addresses are public among those who share."""
        return self.scoped("directory", active=True, institution__status=Institution.Status.ACTIVE)


class Site(BilingualName, models.Model):
    """A place of an institution, with coordinates and a time zone (FHIR Location)."""

    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="sites", verbose_name=_("institution")
    )
    code = models.SlugField(_("code"), max_length=40)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    name_zh = models.CharField(_("name (Chinese)"), max_length=200, blank=True)
    address_line = models.CharField(_("address"), max_length=200, blank=True)
    district = models.CharField(_("district"), max_length=80, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    state = models.CharField(_("province, two letters"), max_length=2, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=12, blank=True)
    country = models.CharField(_("country"), max_length=2, default="CN")
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    url = models.URLField(_("web page"), blank=True)
    latitude = models.FloatField(
        _("latitude"), validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.FloatField(
        _("longitude"), validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    time_zone = models.CharField(
        _("time zone"), max_length=40, default="Asia/Shanghai", validators=[validate_time_zone]
    )
    hours_of_operation = models.CharField(_("opening hours"), max_length=200, blank=True)
    gln = models.CharField(_("GLN"), max_length=13, blank=True, validators=[validate_gln])
    is_main = models.BooleanField(_("main site"), default=False)
    active = models.BooleanField(_("active"), default=True)

    unscoped = models.Manager()
    objects = tenant_manager(SiteQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        constraints = [
            models.UniqueConstraint(fields=["institution", "code"], name="site_code_unique"),
            models.UniqueConstraint(
                fields=["institution"], condition=Q(is_main=True), name="site_one_main"
            ),
            models.CheckConstraint(
                name="site_on_the_globe",
                condition=Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                violation_error_message=_("Latitude is −90 to 90, longitude −180 to 180."),
            ),
        ]


class Consortium(BilingualName, models.Model):
    """A medical consortium (医联体): institutions that share under common terms."""

    slug = models.SlugField(_("short name"), max_length=40, unique=True)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    name_zh = models.CharField(_("name (Chinese)"), max_length=200, blank=True)
    members = models.ManyToManyField(
        Institution, through="ConsortiumMembership", related_name="consortia"
    )

    class Meta:
        verbose_name = _("consortium")
        verbose_name_plural = _("consortia")


class ConsortiumMembershipQuerySet(models.QuerySet):
    def on(self, day: date):
        """Memberships in force on a day; the last day counts."""
        return self.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=day), valid_from__lte=day
        )


class ConsortiumMembership(models.Model):
    """An institution's time in a consortium (FHIR OrganizationAffiliation)."""

    consortium = models.ForeignKey(
        Consortium, models.PROTECT, related_name="memberships", verbose_name=_("consortium")
    )
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        related_name="consortium_memberships",
        verbose_name=_("institution"),
    )
    valid_from = models.DateField(_("member from"))
    valid_until = models.DateField(_("member until"), null=True, blank=True)

    objects = ConsortiumMembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("consortium membership")
        verbose_name_plural = _("consortium memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["consortium", "institution", "valid_from"], name="membership_once"
            ),
            models.CheckConstraint(
                name="membership_ends_after_it_starts",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("valid_from")),
                violation_error_message=_("The membership ends before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consortium} · {self.institution}"
