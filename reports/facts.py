"""Words of the facts of use."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from scheduling.costs import Unit


class Correction(models.TextChoices):
    """Why a fact was written anew."""

    SETTLEMENT = "settlement", _("Agreed or decided in a dispute about its line")


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What a share came to after all; ``before`` is the quantity that stood until now."""

    unit: Unit
    before: Decimal
    quantity: Decimal
    price: Decimal
    amount: int
