"""The home card: disputes of the other side of our statements wait for our answer."""

from medshare_portal.roles import Permission
from reports.settlement.queries.waiting import disputes_to_answer
from scheduling.home_cards import MAIN, HomeCard, Visit, register
from scheduling.queries.waiting import over

SHOWN = 4


def to_answer(visit: Visit) -> dict | None:
    if not over(Permission.SETTLE, visit.rights):
        return None
    related = ("line__creditor", "line__debtor")
    rows = list(disputes_to_answer(visit.institution).select_related(*related))
    return {"rows": rows[:SHOWN], "waits": len(rows), "until": None} if rows else None


register(
    HomeCard(
        name="disputes-to-answer",
        template="reports/home/disputes.html",
        context=to_answer,
        place=MAIN,
        order=18,
    )
)
