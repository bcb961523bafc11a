"""Why demands were not met, day by day, in so few numbers that years add up at once."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from medshare_portal.tenancy import tenant_manager
from reports.models.rollup import OfInstitutionQuerySet


class UnmetOfDay(models.Model):
    """So many demands of an institution that ended on a day were not met for one reason
    (``reports.unmet``).  ``institution_key`` is ``waits.CITY`` of all together."""

    day = models.DateField(_("day"))
    institution_key = models.BigIntegerField()
    kind = models.CharField(_("kind"), max_length=20)
    why = models.CharField(_("reason"), max_length=36)
    number = models.PositiveIntegerField(_("demands"))

    unscoped = models.Manager()
    objects = tenant_manager(OfInstitutionQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("unmet demands of a day")
        verbose_name_plural = _("unmet demands of days")
        constraints = [
            models.UniqueConstraint(
                fields=["institution_key", "day", "kind", "why"], name="unmet_of_day_once"
            ),
            models.CheckConstraint(name="unmet_of_somebody", condition=Q(number__gte=1)),
            models.CheckConstraint(name="unmet_for_a_reason", condition=~Q(why="")),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.institution_key} {self.why}: {self.number}"
