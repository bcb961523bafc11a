"""Which other lots of the medicine could serve what one cannot, ranked as a round would rank it."""

from datetime import datetime
from datetime import time as time_of_day
from zoneinfo import ZoneInfo

from scheduling.kinds.medicine.instead import ask_address
from scheduling.queries.rounds.one_need import who_could_serve
from scheduling.queries.rounds.suitable import Suitable
from scheduling.queries.rounds.wanted import of_wish
from scheduling.views.ranked_rows import ranking_for


def other_lots(page, wish: dict) -> dict:
    """Context of ``scheduling/ranked/list.html``, without the lot of the page; ``wish``: as the
    form asks for it."""
    zone = ZoneInfo(page.resource.site.time_zone)
    by = datetime.combine(wish["expected_on"], time_of_day.max, zone)
    wanted = of_wish(
        page.institution,
        page.resource.category,
        taken=page.resource,
        now=page.now,
        item=page.lot.item_key,
        quantity=wish["quantity"],
        needed_by=max(by, page.now),
        site=wish["delivery_site"],
        priority=wish["priority"],
    )
    found = who_could_serve(wanted, now=page.now)

    def ask(one: Suitable) -> str:
        return ask_address(page.institution, one)

    return ranking_for(wanted, found, ask=ask, zone=zone, now=page.now)
