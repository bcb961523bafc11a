"""Medicines, money and the environment."""

from django.utils.translation import gettext_lazy as _

from reports.kpis import Unit, carbon, savings, wastage
from reports.kpis.catalogue import sources
from reports.kpis.catalogue.entry import Better, Family, Kpi

MEDICINE = ("medicine",)

MEDICINES = Family(
    name=_("Medicines"),
    kinds=MEDICINE,
    kpis=(
        Kpi(
            code="waste_avoided",
            name=_("Medicine waste avoided, potential"),
            says=_("Value of packs that others took over shortly before they expire."),
            numerator=_("Accepted packs × unit cost"),
            exclusions=_("Lots with more days left than the near-expiry window; expired lots"),
            unit=Unit.MONEY,
            source=sources.SPS,
            made_by=wastage.potential,
        ),
        Kpi(
            code="packs_rescued",
            name=_("Packs rescued"),
            says=_("The same in packs."),
            numerator=_("Accepted packs"),
            exclusions=_("Lots with more days left than the near-expiry window; expired lots"),
            unit=Unit.COUNT,
            source=sources.SPS,
            made_by=wastage.potential_packs,
        ),
        Kpi(
            code="waste_confirmed",
            name=_("Medicine waste avoided, confirmed"),
            says=_("The part that the receiver reports as used before it expired."),
            numerator=_("Used packs × unit cost"),
            exclusions=_("What is not reported as used"),
            unit=Unit.MONEY,
            source=sources.SPS,
            made_by=wastage.confirmed,
        ),
        Kpi(
            code="expiry_loss",
            name=_("Expiry loss"),
            says=_("How much of the stock was lost because it expired."),
            numerator=_("Value of expired packs"),
            denominator=_("Mean value of the stock at the ends of the months"),
            better=Better.LESS,
            source=sources.SPS,
            made_by=wastage.expiry_loss,
        ),
    ),
)

SAVINGS = Family(
    name=_("Savings and environment"),
    kpis=(
        Kpi(
            code="net_savings",
            name=_("Net savings"),
            says=_(
                "What purchase, rental or agencies would have cost; assumed prices stand beside it."
            ),
            numerator=_("Avoided cost less transport, fees and administration"),
            exclusions=_("Of one institution: medicines, whose cost to their owner it is not told"),
            unit=Unit.MONEY,
            source=sources.PORTAL,
            made_by=savings.net,
            kinds=("equipment", "staff", "medicine"),
        ),
        Kpi(
            code="carbon",
            name=_("Greenhouse gas avoided (estimate)"),
            says=_("A rough estimate from spending; its factors can be edited."),
            numerator=_("Value of rescued medicines × factor, less kilometres × factor"),
            unit=Unit.KG,
            source=sources.NICE,
            made_by=carbon.avoided,
            kinds=MEDICINE,
        ),
    ),
)
