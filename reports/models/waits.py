"""How long the city's requests waited, day by day, in so few numbers that years add up at once."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from medshare_portal.tenancy import TenantQuerySet, tenant_manager
from scheduling.states import Priority


class Step(models.TextChoices):
    """From what to what a request waits."""

    ANSWER = "answer", _("Sent → decided")
    START = "start", _("Decided → handed over")
    WHOLE = "whole", _("Sent → handed over")


class CityQuerySet(TenantQuerySet):
    def in_city_view(self):
        """For city officials: no institution is in it."""
        return self.scoped("in_city_view")


class WaitsOfDay(models.Model):
    """So many requests waited about so long (``rollups.digest``): for the answer that was given on
    the day, for the handover of what ended on it."""

    day = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=20)
    priority = models.CharField(_("urgency"), max_length=8, choices=Priority)
    step = models.CharField(_("step"), max_length=8, choices=Step)
    bucket = models.PositiveSmallIntegerField(_("length"))
    number = models.PositiveIntegerField(_("requests"))

    unscoped = models.Manager()
    objects = tenant_manager(CityQuerySet)

    class Meta:
        default_manager_name = "unscoped"
        verbose_name = _("waits of a day")
        verbose_name_plural = _("waits of days")
        constraints = [
            models.UniqueConstraint(
                fields=["day", "kind", "priority", "step", "bucket"], name="waits_once"
            ),
            models.CheckConstraint(
                name="waits_step_known", condition=Q(step__in=["answer", "start", "whole"])
            ),
            models.CheckConstraint(name="waits_of_somebody", condition=Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.kind} {self.step} {self.bucket}: {self.number}"
