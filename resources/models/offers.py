"""Offers: the owner's published terms for one resource, and when it is idle."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from medshare_portal.tenancy import OwnedQuerySet, TenantQuerySet, tenant_manager
from resources.enums import AutoApproval, OfferStatus, Visibility, Weekday
from resources.limits import (
    longest_cleaning_minutes,
    longest_loan_hours,
    longest_setup_minutes,
    longest_transport_minutes,
)


class OfferQuerySet(OwnedQuerySet):
    def of_visible(self, resources):
        """Offers of a queryset of resources that is itself scoped."""
        return self.scoped("of_visible", resource__in=resources)

    def published(self):
        return self.filter(status=OfferStatus.PUBLISHED)


class Offer(models.Model):
    """The terms; at most one published offer per resource."""

    institution = models.ForeignKey(
        "medshare_portal.Institution", models.PROTECT, related_name="offers"
    )
    resource = models.ForeignKey("resources.Resource", models.PROTECT, related_name="offers")
    status = models.CharField(
        _("status"), max_length=10, choices=OfferStatus, default=OfferStatus.DRAFT
    )
    starts_on = models.DateField(_("offered from"))
    ends_on = models.DateField(_("offered until"), null=True, blank=True)
    notice_hours = models.PositiveIntegerField(
        _("minimum notice, hours"), default=4, validators=[MaxValueValidator(24 * 90)]
    )
    max_loan_hours = models.PositiveIntegerField(
        _("longest use, hours"),
        default=168,
        validators=[MinValueValidator(1), MaxValueValidator(longest_loan_hours)],
    )
    setup_minutes = models.PositiveIntegerField(
        _("set-up, minutes"), default=0, validators=[MaxValueValidator(longest_setup_minutes)]
    )
    transport_minutes = models.PositiveIntegerField(
        _("transport each way, minutes"),
        default=30,
        validators=[MaxValueValidator(longest_transport_minutes)],
    )
    cleaning_minutes = models.PositiveIntegerField(
        _("cleaning and checks, minutes"),
        default=60,
        validators=[MaxValueValidator(longest_cleaning_minutes)],
    )
    recall_notice_hours = models.PositiveIntegerField(
        _("recall notice, hours"), default=24, validators=[MaxValueValidator(24 * 30)]
    )
    visibility = models.CharField(
        _("visible to"), max_length=10, choices=Visibility, default=Visibility.ALL
    )
    consortia = models.ManyToManyField(
        "medshare_portal.Consortium", blank=True, related_name="+", verbose_name=_("consortia")
    )
    named_institutions = models.ManyToManyField(
        "medshare_portal.Institution",
        blank=True,
        related_name="+",
        verbose_name=_("named institutions"),
    )
    auto_approval = models.CharField(
        _("approve automatically"), max_length=10, choices=AutoApproval, default=AutoApproval.NEVER
    )
    auto_approval_max_hours = models.PositiveIntegerField(
        _("automatic only up to, hours"), default=72
    )
    fee_per_hour = models.DecimalField(
        _("cost recovery per hour"),
        max_digits=14,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0)],
    )
    # One amount for a shift, however long; then nothing is asked per hour.
    fee_per_shift = models.DecimalField(
        _("cost recovery per shift"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    conditions = models.TextField(_("conditions"), blank=True, max_length=4000)
    reserve_percent = models.PositiveSmallIntegerField(
        _("kept for our own need, percent"), default=0, validators=[MaxValueValidator(100)]
    )
    # Of kinds that are given by number and not by time: packs of a lot.
    quantity = models.PositiveIntegerField(
        _("offered quantity"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    confirmed_at = models.DateTimeField(_("last confirmed"), null=True)
    confirmed_by = models.ForeignKey(
        "medshare_portal.User", models.PROTECT, null=True, related_name="+"
    )
    published_at = models.DateTimeField(_("published"), null=True)
    expanded_until = models.DateTimeField(null=True)

    unscoped = models.Manager()
    objects = tenant_manager(OfferQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        constraints = [
            models.UniqueConstraint(
                fields=["resource"], condition=Q(status="published"), name="offer_one_published"
            ),
            models.CheckConstraint(
                name="offer_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The offer ends before it starts."),
            ),
            models.CheckConstraint(
                name="offer_published_is_confirmed",
                condition=~Q(status="published")
                | Q(confirmed_at__isnull=False, published_at__isnull=False),
            ),
            models.CheckConstraint(name="offer_fee_not_negative", condition=Q(fee_per_hour__gte=0)),
            models.CheckConstraint(
                name="offer_one_fee",
                condition=Q(fee_per_shift__isnull=True) | Q(fee_per_shift__gte=0, fee_per_hour=0),
                violation_error_message=_("Charge by the hour or by the shift, not by both."),
            ),
            models.CheckConstraint(
                name="offer_longest_positive", condition=Q(max_loan_hours__gte=1)
            ),
            models.CheckConstraint(
                name="offer_quantity_positive",
                condition=Q(quantity__isnull=True) | Q(quantity__gte=1),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource} ({self.get_status_display()})"


class OfferPartQuerySet(TenantQuerySet):
    def owned_by(self, institution):
        return self.scoped("owned_by", offer__institution=institution)


class IdleWindow(models.Model):
    """A weekly idle time in the site's local clock.

    ``ends`` at or before ``starts`` means the next day; both 00:00 is the whole day.
    """

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="windows")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("until"))

    unscoped = models.Manager()
    objects = tenant_manager(OfferPartQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["offer", "weekday", "starts"], name="window_once"),
            models.CheckConstraint(name="window_weekday_known", condition=Q(weekday__range=(0, 6))),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.starts:%H:%M}–{self.ends:%H:%M}"


class OfferException(models.Model):
    """A local date on which the weekly pattern does not hold: closed, or other hours."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="exceptions")
    day = models.DateField(_("date"))
    starts = models.TimeField(_("from"), null=True, blank=True)
    ends = models.TimeField(_("until"), null=True, blank=True)

    unscoped = models.Manager()
    objects = tenant_manager(OfferPartQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["offer", "day"], name="exception_once_per_day"),
            models.CheckConstraint(
                name="exception_closed_or_both_times",
                condition=Q(starts__isnull=True, ends__isnull=True)
                | Q(starts__isnull=False, ends__isnull=False),
                violation_error_message=_("Give both times, or neither for a closed day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}"


class OfferedIntervalQuerySet(TenantQuerySet):
    def owned_by(self, institution):
        return self.scoped("owned_by", institution=institution)

    def of_visible(self, resources):
        """Intervals of a queryset of resources that is itself scoped."""
        return self.scoped("of_visible", resource__in=resources)

    def of_seen(self, resource):
        """Intervals of one resource that a scoping verb has found."""
        return self.scoped("of_seen", resource=resource)

    def covering(self, starts_at, ends_at):
        return self.filter(starts_at__lte=starts_at, ends_at__gte=ends_at)

    def overlapping(self, starts_at, ends_at):
        return self.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)


class OfferedInterval(models.Model):
    """A concrete offered time (UTC, half-open), merged: neighbours never touch."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="intervals")
    resource = models.ForeignKey(
        "resources.Resource", models.CASCADE, related_name="offered_intervals"
    )
    institution = models.ForeignKey("medshare_portal.Institution", models.CASCADE, related_name="+")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))

    unscoped = models.Manager()
    objects = tenant_manager(OfferedIntervalQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        constraints = [
            models.CheckConstraint(
                name="interval_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.UniqueConstraint(fields=["offer", "starts_at"], name="interval_once"),
        ]
        indexes = [
            models.Index(fields=["resource", "ends_at", "starts_at"], name="interval_of_resource"),
        ]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.starts_at:%F %H:%M}–{self.ends_at:%F %H:%M}"
