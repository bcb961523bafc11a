"""Who stands behind the figures of people, in so few rows that years are counted at once."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from medshare_portal.tenancy import tenant_manager
from reports.models.waits import CityQuerySet


class PeopleOfMonth(models.Model):
    """On which days of a month shares of a person ended, given or received by an institution:
    bit 0 of ``days`` is the first.  Of kinds whose things are persons; nobody reads who it was,
    only how many different ones there are."""

    month = models.DateField(_("month"))
    institution_key = models.BigIntegerField()
    side = models.CharField(_("side"), max_length=8)
    person_key = models.BigIntegerField()
    days = models.PositiveIntegerField(_("days"))

    unscoped = models.Manager()
    objects = tenant_manager(CityQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("people of a month")
        verbose_name_plural = _("people of months")
        constraints = [
            models.UniqueConstraint(
                fields=["month", "side", "institution_key", "person_key"], name="people_once"
            ),
            models.CheckConstraint(
                name="people_side_known", condition=Q(side__in=["owner", "borrower"])
            ),
            models.CheckConstraint(name="people_on_some_day", condition=Q(days__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.institution_key} {self.side}"
