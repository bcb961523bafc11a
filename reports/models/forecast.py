"""What was worked out in the night about what institutions will need, for pages to read."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from medshare_portal.bilingual import BilingualName
from medshare_portal.tenancy import OwnedQuerySet, tenant_manager
from reports.method_words import words_of
from reports.warned import Warned

LEAST_COVERAGE = 0.7


class ForecastQuerySet(OwnedQuerySet):
    def in_city_view(self):
        """For city officials: everybody's, to be counted and not to be named."""
        return self.scoped("in_city_view")

    def warning(self):
        return self.exclude(warned=Warned.NOTHING)


class Forecast(BilingualName, models.Model):
    """One series of one institution: what is expected and the band, step by step.

    A step is an hour or a day of the clock of the institution's main site, from ``first_day`` on;
    of medicines the values are sums from the first day on, in dose units.  ``low`` and ``high``
    are empty where too little is known for a band.  ``subject`` tells series of one kind apart: an
    item's key, else nothing.
    """

    institution = models.ForeignKey("medshare_portal.Institution", models.CASCADE, related_name="+")
    kind = models.CharField(_("kind"), max_length=20, editable=False)
    category = models.ForeignKey("resources.Category", models.CASCADE, related_name="+")
    subject = models.CharField(max_length=250, blank=True, editable=False)
    name_en = models.CharField(_("name (English)"), max_length=220, editable=False)
    name_zh = models.CharField(_("name (Chinese)"), max_length=220, blank=True, editable=False)
    method = models.CharField(_("method"), max_length=30, editable=False)
    known_days = models.PositiveIntegerField(_("days known"))
    mase = models.FloatField(null=True)
    naive_mase = models.FloatField(null=True)
    coverage = models.FloatField(null=True)
    tried_steps = models.PositiveIntegerField(default=0)
    first_day = models.DateField(_("first day"))
    expected = models.JSONField(default=list)
    low = models.JSONField(default=list)
    high = models.JSONField(default=list)
    warned = models.CharField(max_length=8, choices=Warned, blank=True, editable=False)
    severity = models.PositiveSmallIntegerField(default=0)
    figures = models.JSONField(default=dict)  # of the warning, as its kind words it
    inputs_until = models.DateTimeField(_("inputs until"))
    computed_at = models.DateTimeField(_("worked out"))

    unscoped = models.Manager()
    objects = tenant_manager(ForecastQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("forecast")
        verbose_name_plural = _("forecasts")
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "kind", "category", "subject"], name="forecast_once"
            ),
            models.CheckConstraint(
                name="forecast_warned_known", condition=Q(warned__in=Warned.values)
            ),
            models.CheckConstraint(
                name="forecast_severity_of_a_warning",
                condition=Q(warned="", severity=0) | (~Q(warned="") & Q(severity__range=(1, 100))),
            ),
            models.CheckConstraint(
                name="forecast_from_the_past", condition=Q(inputs_until__lte=F("computed_at"))
            ),
            models.CheckConstraint(
                name="forecast_coverage_is_a_part",
                condition=Q(coverage__isnull=True) | Q(coverage__range=(0, 1)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["institution", "-severity"],
                name="forecast_warnings",
                condition=~Q(warned=""),
            ),
            models.Index(fields=["warned", "kind"], name="forecast_of_the_city"),
        ]

    @property
    def beats_naive(self) -> bool:
        return self.mase is not None and self.mase < self.naive_mase

    @property
    def band_fails(self) -> bool:
        """In the back-test far fewer values lay within the band than the 80 % that it promises."""
        return self.coverage is not None and self.coverage < LEAST_COVERAGE

    @property
    def method_words(self) -> str:
        return words_of(self.method)

    @property
    def inside(self) -> int:
        """Percent of what came that lay within the band, in the back-test."""
        return round(100 * self.coverage)


class ForecastNight(models.Model):
    """When the forecasts of an institution were worked out last: its turn in the job."""

    institution = models.OneToOneField(
        "medshare_portal.Institution",
        models.CASCADE,
        primary_key=True,
        related_name="forecast_night",
    )
    computed_at = models.DateTimeField(_("worked out"))
    forecasts = models.PositiveIntegerField(default=0)

    unscoped = models.Manager()
    objects = tenant_manager()

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("night of forecasts")
        verbose_name_plural = _("nights of forecasts")
