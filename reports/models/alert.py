"""From which figure on an institution wants to be warned, and what it is warned of."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from medshare_portal.tenancy import OwnedQuerySet, tenant_manager

MOST_PERCENT, MOST = 100, 100_000
EMPTY = {"null": True, "blank": True}


class AlertSort(models.TextChoices):
    """Each is the name of its limit, too."""

    UTILISATION = "utilisation", _("Scheduled utilisation is low")
    OVERDUE = "overdue", _("Loans are overdue")
    LOTS = "lots", _("Lots are at risk of expiry")


class AlertLimitsQuerySet(OwnedQuerySet):
    def in_city_view(self):
        """The city's, which hold for all that have none of their own."""
        return self.scoped("in_city_view", institution=None)

    def holding_at(self, institution):
        """The institution's own and the city's."""
        return self.scoped("holding_at", Q(institution=institution) | Q(institution=None))


class AlertLimits(models.Model):
    """One row of each institution that set its own, and one of the city's, without an institution.
    An empty limit warns of nothing."""

    institution = models.OneToOneField(
        "medshare_portal.Institution", models.CASCADE, related_name="alert_limits", null=True
    )
    utilisation = models.PositiveIntegerField(_("scheduled utilisation below, percent"), **EMPTY)
    overdue = models.PositiveIntegerField(_("overdue loans, this many or more"), **EMPTY)
    lots = models.PositiveIntegerField(_("lots at risk, this many or more"), **EMPTY)
    changed_at = models.DateTimeField(_("changed"))

    unscoped = models.Manager()
    objects = tenant_manager(AlertLimitsQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("alert limits")
        verbose_name_plural = _("alert limits")
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=Q(institution=None), name="alert_limits_of_city_once"
            ),
            models.CheckConstraint(
                name="alert_limits_in_range",
                condition=(Q(utilisation=None) | Q(utilisation__range=(1, MOST_PERCENT)))
                & (Q(overdue=None) | Q(overdue__range=(1, MOST)))
                & (Q(lots=None) | Q(lots__range=(1, MOST))),
            ),
        ]

    def __str__(self) -> str:
        return str(self.institution or _now("City"))


class AlertQuerySet(OwnedQuerySet):
    def in_city_view(self):
        """For city officials: those of all institutions that take part."""
        return self.scoped("in_city_view", institution__status="active")


class Alert(models.Model):
    """What is beyond its limit now; ``told`` is the figure of which people were told last."""

    institution = models.ForeignKey(
        "medshare_portal.Institution", models.CASCADE, related_name="alerts"
    )
    sort = models.CharField(_("alert"), max_length=12, choices=AlertSort)
    figure = models.DecimalField(_("figure"), max_digits=9, decimal_places=1)
    limit = models.PositiveIntegerField(_("limit"))
    told = models.DecimalField(max_digits=9, decimal_places=1)
    since = models.DateField(_("since"))

    unscoped = models.Manager()
    objects = tenant_manager(AlertQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        constraints = [
            models.UniqueConstraint(fields=["institution", "sort"], name="alert_once_per_sort"),
            models.CheckConstraint(
                name="alert_sort_known", condition=Q(sort__in=[s.value for s in AlertSort])
            ),
            models.CheckConstraint(
                name="alert_is_beyond_its_limit",
                condition=Q(sort="utilisation", figure__gte=0, figure__lt=models.F("limit"))
                | (~Q(sort="utilisation") & Q(limit__gte=1, figure__gte=models.F("limit"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution_id} {self.sort}"


class AlertCheck(models.Model):
    """When an institution's figures were last held against its limits; its row is the lock of
    whoever does it, its day the morning that is done."""

    institution = models.OneToOneField(
        "medshare_portal.Institution", models.CASCADE, primary_key=True, related_name="alert_check"
    )
    day = models.DateField(null=True)
    checked_at = models.DateTimeField(_("checked"), null=True)

    unscoped = models.Manager()
    objects = tenant_manager()

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("check of alerts")
        verbose_name_plural = _("checks of alerts")

    def __str__(self) -> str:
        return f"{self.institution_id} {self.day}"
