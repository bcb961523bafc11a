"""What the city assumes where nobody measures: a row for each that is not as usual."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reports.assumptions import ALL, ASSUMED

HIGHEST = Decimal(1_000_000)
CHOICES = [(one.code, one.name) for one in ALL]


class Assumption(models.Model):
    """Edited in the registry, which keeps who changed it from what to what."""

    code = models.CharField(_("what is assumed"), max_length=20, unique=True, choices=CHOICES)
    value = models.DecimalField(
        _("value"),
        max_digits=12,
        decimal_places=4,
        validators=[MinValueValidator(0), MaxValueValidator(HIGHEST)],
    )
    note = models.CharField(_("where it is from"), max_length=200)

    class Meta:
        verbose_name = _("assumption")
        verbose_name_plural = _("assumptions of the figures")
        constraints = [
            models.CheckConstraint(
                name="assumption_value_sound",
                condition=Q(value__gte=0, value__lte=HIGHEST),
                violation_error_message=_("From 0 to 1,000,000."),
            ),
        ]

    def __str__(self) -> str:
        return str(ASSUMED[self.code].name) if self.code in ASSUMED else self.code
