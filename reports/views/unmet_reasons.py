"""Why demands were not met, as a part of the pages of figures: each reason leads to its demands."""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.charts import Cause, behind_most, pareto_chart
from reports.kpi_words import number_words
from reports.kpis.catalogue import KPIS
from reports.kpis.fulfilment import Reason
from reports.periods import Period
from reports.unmet import why_words
from reports.views.figures import period_words


def unmet_part(
    reasons: Sequence[Reason], period: Period, *, address: Callable[..., str], method_url: str
) -> dict:
    """``address(**query)``: of the list of demands."""
    causes = [
        Cause(
            why_words(one.code), number_words(one.count), one.share, one.cumulative,
            address(**demands_of(period), why=one.code),
        )
        for one in reasons
    ]  # fmt: skip
    kpi = KPIS["unmet_reasons"]
    columns = (_("Reason"), _("Demands"), _("Share"), _("Share so far"))
    return {
        "chart": pareto_chart(title=_title(causes), causes=causes, columns=columns),
        "made_of": kpi.numerator,
        "divided_by": kpi.denominator,
        "left_out": kpi.exclusions,
        "total": number_words(sum(one.count for one in reasons)),
        "period": period_words(period),
        "method_url": f"{method_url}#unmet_reasons",
    }


def demands_of(period: Period) -> dict[str, str]:
    """The query of the list of demands: those that ended on these days and were not met."""
    days = {"first": period.first.isoformat(), "last": period.last.isoformat()}
    return {"outcome": "not_met", "period": "all"} | days


def _title(causes: Sequence[Cause]) -> str:
    """The finding: that few reasons are behind most of it, or else the most frequent one."""
    most = behind_most(causes)
    if not causes:
        return _("Why demands were not met")
    if 2 * most > len(causes):
        return _("Most often not met: %(why)s") % {"why": causes[0].name}
    words = ngettext(
        "%(most)s of %(all)s reasons is behind four in five unmet demands",
        "%(most)s of %(all)s reasons are behind four in five unmet demands",
        most,
    )
    return words % {"most": most, "all": len(causes)}
