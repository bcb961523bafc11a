"""What pages show of how equally hours are received."""

from django.utils.translation import gettext as _

from reports.charts import lorenz_curve
from reports.kpi_words import measure_words, number_words
from reports.kpis import equity
from reports.kpis.catalogue import KPIS
from reports.queries.equity_figures import Shares


def lorenz_of(shares: Shares):
    return lorenz_curve(
        title=_("Lorenz curve: what the least served part of the residents receives"),
        points=equity.lorenz(shares.x, shares.residents),
        words=lambda share: f"{number_words(share * 100)} %",
        columns=(_("Of the residents"), _("Of the hours")),
    )


def index_rows(shares: Shares) -> list[dict]:
    parts = {
        "": "",
        "between": _("between districts"),
        "within": _("within districts"),
    }
    return [
        {
            "code": code,
            "name": KPIS[code].name,
            "part": parts[part],
            "value": measure_words(measure),
        }
        for code, part, measure in shares.indices()
    ]
