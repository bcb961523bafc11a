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

__all__ = ["FAMILIES", "KPIS", "Better", "Family", "Kpi"]
