"""What the figures assume: prices and factors that nobody measures.  Stated beside each figure.

A leaf: ``reports.models.Assumption`` keeps what the city wrote instead of ``usual``.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MONEY, FACTOR = "money", "factor"


@dataclass(frozen=True, kw_only=True, slots=True)
class Assumed:
    """``usual`` holds until the city says otherwise; ``unit`` in words."""

    code: str
    name: Promise
    unit: Promise
    usual: Decimal
    source: Promise


OWN_GUESS = _("A round number to begin with; enter what your city pays")
ALL = (
    Assumed(
        code="rental_hour",
        name=_("Renting a device instead of borrowing it"),
        unit=_("per hour, in the city’s currency"),
        usual=Decimal(40),
        source=OWN_GUESS,
    ),
    Assumed(
        code="agency_hour",
        name=_("An agency’s person instead of a colleague"),
        unit=_("per hour, in the city’s currency"),
        usual=Decimal(120),
        source=OWN_GUESS,
    ),
    Assumed(
        code="transport_km",
        name=_("Transport"),
        unit=_("per kilometre, in the city’s currency"),
        usual=Decimal(4),
        source=OWN_GUESS,
    ),
    Assumed(
        code="admin_request",
        name=_("Administration of a share"),
        unit=_("per share, in the city’s currency"),
        usual=Decimal(30),
        source=OWN_GUESS,
    ),
    Assumed(
        code="examination",
        name=_("An examination that need not be repeated"),
        unit=_("each, in the city’s currency"),
        usual=Decimal(200),
        source=OWN_GUESS,
    ),
    Assumed(
        code="pound",
        name=_("One unit of the city’s currency in pounds sterling"),
        unit=_("pounds sterling"),
        usual=Decimal("0.11"),
        source=_("Rate of exchange, rounded"),
    ),
    Assumed(
        code="carbon_pound",
        name=_("Greenhouse gas of medicines"),
        unit=_("kg CO₂e per £ spent"),
        usual=Decimal("0.1558"),
        source=_("NICE, greenhouse gas of medicines spending"),
    ),
    Assumed(
        code="carbon_km",
        name=_("Greenhouse gas of a small van"),
        unit=_("kg CO₂e per kilometre"),
        usual=Decimal("0.25"),
        source=OWN_GUESS,
    ),
)
ASSUMED = {one.code: one for one in ALL}
