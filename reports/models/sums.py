"""Sums of the numbers of days, so that a year of a large city is read from a few thousand rows."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from medshare_portal.tenancy import tenant_manager
from reports.models.numbers import Numbers, nothing_negative
from reports.models.rollup import OfInstitutionQuerySet
from reports.rollups.columns import SUM_KEYS
from reports.rollups.levels import Level

LEVELS = [level.value for level in Level]


class RollupSum(Numbers):
    """A sum of ``DailyRollup`` over categories, over the days of a month, or over institutions.

    ``level`` says over which; ``day`` is the day, or the first of the month; ``institution_key``
    is ``waits.CITY`` of the city, ``category_code`` nothing where all categories are in it.
    Written by ``actions.summing`` in the transaction that writes the rows that it sums; the sums
    of the city in one of its own, for which these leave a mark.
    """

    level = models.CharField(_("sum of"), max_length=11)
    day = models.DateField(_("day"))
    institution_key = models.BigIntegerField()
    side = models.CharField(_("side"), max_length=8)
    kind = models.CharField(_("kind"), max_length=20)
    category_code = models.CharField(_("category"), max_length=40, blank=True)
    currency = models.CharField(_("currency"), max_length=3)

    unscoped = models.Manager()
    objects = tenant_manager(OfInstitutionQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("sum of days")
        verbose_name_plural = _("sums of days")
        constraints = [
            models.UniqueConstraint(fields=list(SUM_KEYS), name="sum_once"),
            models.CheckConstraint(name="sum_level_known", condition=Q(level__in=LEVELS)),
            models.CheckConstraint(
                name="sum_side_known", condition=Q(side__in=["owner", "borrower"])
            ),
            models.CheckConstraint(
                name="sum_of_the_city_has_no_institution",
                condition=Q(level__in=Level.OF_CITY, institution_key=0)
                | Q(institution_key__gte=1) & ~Q(level__in=Level.OF_CITY),
            ),
            models.CheckConstraint(
                name="sum_over_categories_names_none",
                condition=Q(level__in=Level.OF_ALL_CATEGORIES, category_code="")
                | ~Q(level__in=Level.OF_ALL_CATEGORIES),
            ),
            models.CheckConstraint(name="sum_nothing_negative", condition=nothing_negative()),
        ]
        indexes = [
            models.Index(fields=["institution_key", "level", "day"], name="sum_of_institution")
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.day} {self.institution_key} {self.category_code}"
