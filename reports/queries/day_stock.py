"""What the numbers of days say about medicines beside transfers: what receivers used of what was
rescued, and what the stock was worth at the ends of months."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, Sum

from medshare_portal.money import amount_of
from reports.models import UsageFact
from reports.queries.day_sources import REASON
from reports.rollups.tally import Tally
from resources.enums_medicine import MovementSort
from resources.intervals import day_bounds
from resources.models import MedicineLot, StockMovement
from scheduling.models import MedicineTransfer

OWNER = "owner"
DAY = timedelta(days=1)


def tallies(institution: int, period) -> Iterator[Tally]:
    yield from _used(institution, period)
    for day in month_ends(period.first, period.last):
        yield from _stock(institution, day)


def month_ends(first: date, last: date) -> list[date]:
    days = ((first + DAY * place) for place in range((last - first).days + 1))
    return [day for day in days if (day + DAY).day == 1]


def _used(institution: int, period) -> Iterator[Tally]:
    """Packs that a receiver issued to its wards before they expired, on the day of the issue; at
    the earliest on the day on which the transfer closed.  The first transfer into a lot is used
    first."""
    facts = _rescued(institution, period)
    rows = MedicineTransfer.objects.everywhere(reason=REASON).filter(pk__in=facts)
    rows = rows.filter(received_as__expiry_date__gte=period.first, accepted__gt=0)
    transfers = list(rows.select_related("received_as").order_by("pk"))
    issues = _issues({row.received_as_id for row in transfers}, period.until)
    for transfer in sorted(transfers, key=lambda row: (facts[row.pk].ended_at, row.pk)):
        fact, left = facts[transfer.pk], transfer.accepted
        for issue in issues[transfer.received_as_id]:
            packs = min(left, issue[1])
            left, issue[1] = left - packs, issue[1] - packs
            day = _day(max(issue[0], fact.ended_at), fact.time_zone)
            in_time = day <= transfer.received_as.expiry_date
            if packs and in_time and period.first <= day <= period.last:
                yield _tally(fact, day, packs)


def _rescued(institution: int, period) -> dict[int, UsageFact]:
    """By request.  What ended after the period was not used in it."""
    rows = UsageFact.objects.everywhere(reason=REASON).filter(
        owner_key=institution, version=1, rescued=True, first_day__lte=period.last
    )
    return {fact.request_key: fact for fact in rows}


def _issues(lots: set[int], until: datetime) -> dict[int, list[list]]:
    """[[when, packs]] of each lot, in order."""
    rows = StockMovement.objects.everywhere(reason=REASON).filter(
        lot__in=lots, sort=MovementSort.ISSUE, at__lt=until
    )
    found: dict[int, list[list]] = defaultdict(list)
    for lot, at, packs in rows.order_by("at", "pk").values_list("lot", "at", "quantity"):
        found[lot].append([at, packs])
    return found


def _day(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()


def _tally(fact: UsageFact, day: date, packs: int) -> Tally:
    value = 0 if fact.unit_value is None else amount_of(fact.unit_value, packs, fact.currency)
    return Tally(
        day=day,
        side=OWNER,
        kind=fact.kind,
        category_code=fact.category_code,
        currency=fact.currency,
        columns={"packs_used": packs, "value_used": value},
    )


def _stock(institution: int, day: date) -> Iterator[Tally]:
    """What was on hand when the day was over and had not expired, at cost."""
    lots = MedicineLot.objects.everywhere(reason=REASON).filter(
        institution=institution, expiry_date__gt=day, unit_cost__gt=0
    )
    zones = set(lots.order_by().values_list("resource__site__time_zone", flat=True).distinct())
    for zone in sorted(zones):
        over = day_bounds(day, ZoneInfo(zone))[1]
        rows = lots.filter(resource__site__time_zone=zone).annotate(
            packs=Sum("movements__on_hand_change", filter=Q(movements__at__lt=over))
        )
        for lot in rows.filter(packs__gt=0).select_related("resource__category").order_by("pk"):
            yield Tally(
                day=day,
                side=OWNER,
                kind=lot.resource.kind,
                category_code=lot.resource.category.slug,
                currency=lot.currency,
                columns={"value_stock": amount_of(lot.unit_cost, lot.packs, lot.currency)},
            )
