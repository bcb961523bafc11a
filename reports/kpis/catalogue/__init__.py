"""Each figure in words: what it says and is made of, what is left out, whose formula it is."""

from reports.kpis.catalogue.entry import Better, Family, Kpi
from reports.kpis.catalogue.equipment import IDLE, READINESS, USE
from reports.kpis.catalogue.fairness import EQUITY, QUALITY
from reports.kpis.catalogue.goods import MEDICINES, SAVINGS
from reports.kpis.catalogue.people import INFORMATION, STAFF
from reports.kpis.catalogue.requests import DISCIPLINE, FULFILMENT, WAITING

FAMILIES = (
    USE,
    IDLE,
    READINESS,
    WAITING,
    FULFILMENT,
    DISCIPLINE,
    MEDICINES,
    SAVINGS,
    STAFF,
    INFORMATION,
    EQUITY,
    QUALITY,
)
KPIS = {kpi.code: kpi for family in FAMILIES for kpi in family.kpis}
KINDS = {kpi.code: kpi.kinds or family.kinds for family in FAMILIES for kpi in family.kpis}


def is_of(code: str, kind: str) -> bool:
    """Whether a figure says anything of this kind; "" stands for all together."""
    return not kind or not KINDS[code] or kind in KINDS[code]


__all__ = ["FAMILIES", "KINDS", "KPIS", "Better", "Family", "Kpi", "is_of"]
