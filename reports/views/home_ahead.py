"""The home card of what the forecasts warn of, most severe first, each a link."""

from medshare_portal.roles import Permission
from reports.kinds import ahead
from reports.queries.ahead import warnings_of
from reports.warned import Warned
from scheduling.home_cards import MAIN, HomeCard, Visit, register


def warned_ahead(visit: Visit) -> dict | None:
    found = [row for row in warnings_of(visit.institution) if row.kind in ahead]
    if not found:
        return None
    return {"rows": [_line(row, visit) for row in found], "computed_at": found[0].computed_at}


def _line(row, visit: Visit) -> dict:
    kind = ahead[row.kind]
    may_offer = (Permission.PUBLISH_OFFER, row.kind) in visit.rights
    return {
        "words": kind.words(row),
        "url": kind.address(row, visit.institution.slug, may_offer),
        "short": row.warned == Warned.SHORTAGE,
    }


register(
    HomeCard(
        name="ahead",
        template="reports/home/ahead.html",
        context=warned_ahead,
        place=MAIN,
        order=30,
    )
)
