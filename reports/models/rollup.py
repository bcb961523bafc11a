"""What every institution gave and received, day by day; and which days must be counted anew."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from medshare_portal.tenancy import TenantQuerySet, tenant_manager
from reports.models.numbers import Numbers, nothing_negative
from reports.rollups.columns import KEYS


class OfInstitutionQuerySet(TenantQuerySet):
    def owned_by(self, institution):
        """The numbers of this institution, on either side."""
        return self.scoped("owned_by", institution_key=institution.pk)

    def in_city_view(self):
        """For city officials: everybody's."""
        return self.scoped("in_city_view")


class DailyRollup(Numbers):
    """One institution, side, kind, category and day, on the clock of the place of use.

    Counted from the facts of use and the requests that are open, by ``actions.counting``; nothing
    else writes here.
    """

    day = models.DateField(_("day"))
    institution_key = models.BigIntegerField()
    side = models.CharField(_("side"), max_length=8)
    kind = models.CharField(_("kind"), max_length=20)
    category_code = models.CharField(_("category"), max_length=40)
    currency = models.CharField(_("currency"), max_length=3)

    unscoped = models.Manager()
    objects = tenant_manager(OfInstitutionQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("numbers of a day")
        verbose_name_plural = _("numbers of days")
        constraints = [
            models.UniqueConstraint(fields=list(KEYS), name="rollup_once"),
            models.CheckConstraint(
                name="rollup_side_known", condition=Q(side__in=["owner", "borrower"])
            ),
            models.CheckConstraint(name="rollup_nothing_negative", condition=nothing_negative()),
        ]
        indexes = [models.Index(fields=["institution_key", "day"], name="rollup_of_institution")]

    def __str__(self) -> str:
        return f"{self.institution_key} {self.day} {self.category_code}"


class DayMark(models.Model):
    """Days of an institution that were counted and must be counted anew: left by what changed
    them, in its transaction."""

    institution_key = models.BigIntegerField()
    first_day = models.DateField()
    last_day = models.DateField()
    cause = models.CharField(max_length=40)
    marked_at = models.DateTimeField()

    unscoped = models.Manager()
    objects = tenant_manager(OfInstitutionQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("mark on days")
        verbose_name_plural = _("marks on days")
        constraints = [
            models.CheckConstraint(
                name="mark_days_in_order", condition=Q(last_day__gte=F("first_day"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution_key} {self.first_day}–{self.last_day}"


class CountedDays(models.Model):
    """Up to which day an institution is counted; its row is the lock of whoever counts it."""

    institution_key = models.BigIntegerField(primary_key=True)
    first_day = models.DateField()
    last_day = models.DateField()
    counted_at = models.DateTimeField(_("counted"))

    unscoped = models.Manager()
    objects = tenant_manager(OfInstitutionQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("counted days")
        verbose_name_plural = _("counted days")

    def __str__(self) -> str:
        return f"{self.institution_key} {self.last_day}"
