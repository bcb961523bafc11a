"""The home card: others need what we have, and we have not answered."""

from scheduling.home_cards import ASIDE, HomeCard, Visit, register
from scheduling.queries.home_zone import home_zone
from scheduling.queries.need_matching import unanswered
from scheduling.views.needs import row_of

SHOWN = 4


def others_need(visit: Visit) -> dict | None:
    found = unanswered(visit.institution, SHOWN)
    if not found:
        return None
    zone = home_zone(visit.institution)
    return {"rows": [row_of(need, zone, have, rights=visit.rights) for need, have in found]}


register(
    HomeCard(
        name="others-need",
        template="scheduling/needs/home.html",
        context=others_need,
        place=ASIDE,
        order=20,
    )
)
