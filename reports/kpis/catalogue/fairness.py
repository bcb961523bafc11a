"""Equity, and how far the data can be trusted."""

from django.utils.translation import gettext_lazy as _

from reports.kpis import Unit, equity, quality
from reports.kpis.catalogue import sources
from reports.kpis.catalogue.entry import Better, Family, Kpi

HOURS = ("equipment", "staff")  # of what has hours

NO_NEED_KNOWN = _(
    "Institutions whose residents are not known; hours of so few people that they are not shown"
)

NOW = _("As it is now, whatever the period; drafts")

EQUITY = Family(
    name=_("Equity"),
    kinds=HOURS,
    kpis=(
        Kpi(
            code="gini",
            name=_("Gini index, each institution alike"),
            says=_("0: all receive the same for their need; 1: one receives everything."),
            numerator=_("Sum of the differences between hours per 1,000 residents, by rank"),
            denominator=_("Institutions × the sum of hours per 1,000 residents"),
            exclusions=NO_NEED_KNOWN,
            unit=Unit.INDEX,
            better=Better.LESS,
            source=sources.ECONOMICS,
            made_by=equity.gini,
        ),
        Kpi(
            code="gini_weighted",
            name=_("Gini index by residents"),
            says=_(
                "The same, institutions weighted by residents; twice the area at the Lorenz curve."
            ),
            numerator=_("Area between the line of equality and the Lorenz curve"),
            denominator=_("Area below the line of equality"),
            exclusions=NO_NEED_KNOWN,
            unit=Unit.INDEX,
            better=Better.LESS,
            source=sources.ECONOMICS,
            made_by=equity.gini_weighted,
        ),
        Kpi(
            code="theil",
            name=_("Theil index"),
            says=_("Inequality that can be split: between districts and within them."),
            numerator=_("Sum over the residents of: share of the mean × its logarithm"),
            denominator=_("Residents"),
            exclusions=NO_NEED_KNOWN,
            unit=Unit.INDEX,
            better=Better.LESS,
            source=sources.ECONOMICS,
            made_by=equity.theil,
        ),
        Kpi(
            code="jain",
            name=_("Jain index"),
            says=_("1: all receive the same; 1 ÷ institutions: one receives everything."),
            numerator=_("Square of the sum of hours per 1,000 residents"),
            denominator=_("Institutions × the sum of their squares"),
            exclusions=NO_NEED_KNOWN,
            unit=Unit.INDEX,
            source=sources.ECONOMICS,
            made_by=equity.jain,
        ),
        Kpi(
            code="concentration",
            name=_("Concentration index"),
            says=_("Below 0: who needs more receives more; above 0: who needs less does."),
            numerator=_("Twice the covariance with the rank by need"),
            denominator=_("Mean of hours received per 1,000 residents"),
            exclusions=_(
                "Institutions whose residents or beds are not known; ranked by residents per bed;"
                " hours of so few people that they are not shown"
            ),
            unit=Unit.INDEX,
            better=Better.LESS,
            source=sources.ECONOMICS,
            made_by=equity.concentration,
        ),
        Kpi(
            code="received_share",
            name=_("Share received"),
            says=_(
                "Half is balanced. It describes and does not judge: small hospitals receive more."
            ),
            numerator=_("Hours received"),
            denominator=_("Hours given and received"),
            better=Better.NEITHER,
            source=sources.PORTAL,
            made_by=equity.received_share,
        ),
    ),
)

QUALITY = Family(
    name=_("Data quality"),
    kpis=(
        Kpi(
            code="coded",
            name=_("With all mandatory codes"),
            says=_("Whether resources can be found and compared."),
            numerator=_("Resources with all mandatory codes"),
            denominator=_("Resources"),
            exclusions=NOW,
            source=sources.PORTAL,
            made_by=quality.coded,
        ),
        Kpi(
            code="stale",
            name=_("Not confirmed for 30 days"),
            says=_("Resources about which nobody said lately that they are still as described."),
            numerator=_("Resources not confirmed for more than 30 days"),
            denominator=_("Resources"),
            exclusions=NOW,
            better=Better.LESS,
            source=sources.PORTAL,
            made_by=quality.stale,
        ),
    ),
)
