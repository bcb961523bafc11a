"""What the rules are told of lots, and what they say."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from medshare_portal import policy
from medshare_portal.findings import Findings, collect
from resources.kinds.medicine.rules.lots import OFFER_RULES, LotContext
from resources.kinds.medicine.usability import day_at
from resources.models import MedicineLot, RecallNotice


def context_of(lot: MedicineLot, now: datetime, *, recall: str) -> LotContext:
    """The lot today at its site; a transfer that starts now arrives after ``transit_days``."""
    day = day_at(now, lot.resource.site.time_zone)
    arrival = day + timedelta(days=policy.current().medicine.transit_days)
    return LotContext(
        lot=lot, day=day, arrival=arrival, now=now, price=lot.transfer_price, recall=recall
    )


def findings_against_offering(lots: Iterable[MedicineLot], now: datetime) -> dict[int, Findings]:
    """{lot: all that the rules say about offering it today}; one query for all of them."""
    lots = list(lots)
    recalls = recalls_on(lots)
    return {
        lot.pk: collect(OFFER_RULES, context_of(lot, now, recall=recalls.get(lot.pk, "")))
        for lot in lots
    }


def recalls_on(lots: Iterable[MedicineLot]) -> dict[int, str]:
    """{lot: the number of a recall notice on its approval number and lot number}."""
    lots = list(lots)
    notices = RecallNotice.objects.filter(lot_no__in={lot.lot_no for lot in lots})
    by_number = {
        (approval_no, lot_no): reference
        for approval_no, lot_no, reference in notices.order_by("-pk").values_list(
            "approval_no", "lot_no", "reference"
        )
    }
    found = {lot.pk: by_number.get((lot.approval_no, lot.lot_no)) for lot in lots}
    return {key: reference for key, reference in found.items() if reference}
