"""How far the data of what is shared can be trusted: which things have all their codes, and which
nobody has confirmed lately."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q

from reports.kpis.quality import STALE_DAYS

# By which codes others find and compare a thing; a kind that is not named needs its category's.
CODES = {
    "equipment": ~Q(equipment__udi_di=""),
    "medicine": ~Q(medicine_lot__gtin="") & ~Q(medicine_lot__atc=""),
}


def coded(kinds: Iterable[str] = tuple(CODES)) -> Q:
    """``kinds``: which of those that have codes of their own are looked at."""
    kinds = list(kinds)
    found = Q(category__primary_code__isnull=False) & ~Q(kind__in=kinds)
    for kind in kinds:
        found |= Q(category__primary_code__isnull=False, kind=kind) & CODES[kind]
    return found


def stale(now: datetime) -> Q:
    since = now - timedelta(days=STALE_DAYS)
    return Q(confirmed_at__lt=since) | Q(confirmed_at__isnull=True)
