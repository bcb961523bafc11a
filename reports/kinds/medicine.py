"""Medicines: what the own wards use, from the issues of the stock ledger."""

from collections.abc import Iterator
from datetime import date, datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal import policy
from medshare_portal.local_times import describe_date
from reports.kinds import AheadKind, register
from reports.models import Forecast
from reports.queries import stock_ahead as stock
from reports.queries.ahead import stored, take, warn
from reports.queries.days_off import days_off
from reports.warned import Warned

PAGE = "reports:stock-ahead"
MOST_SEVERE, A_DAY = 100, 3  # of a shortage: nothing left, and each day that the stock lasts
EXPIRES_NOW, EXPIRES_LATER = 50, 20


def foresee(institution, now: datetime, zone: ZoneInfo) -> Iterator[Forecast]:
    """Of every item that is in stock and was issued."""
    today = now.astimezone(zone).date()
    used = stock.issued(institution, today=today, zone=zone)
    lots = stock.own_lots(institution, used, today)
    offered = stock.offered(institution, lots)
    coming, holidays = stock.coming(institution, used), days_off(institution)
    for item, found in sorted(lots.items()):
        row = _row(institution, used[item], found[0], holidays, now, today)
        if row.high:
            ahead = stock.stock_ahead(found, row.high, offered, today)
            _warn(row, ahead, coming.get(item), today)
        yield row


def _row(institution, used: stock.Used, lot, holidays, now: datetime, today: date) -> Forecast:
    made, expected, low, high = stock.foreseen(used, holidays)
    row = stored(
        made,
        institution=institution,
        category=lot.resource.category,
        first_day=today,
        known_days=used.known_days,
        now=now,
        until=now,
        subject=used.item,
        name_en=f"{lot.generic_name_en or lot.generic_name_zh} {lot.strength}",
        name_zh=f"{lot.generic_name_zh} {lot.strength}" if lot.generic_name_zh else "",
    )
    take(row, expected, low, high)
    return row


def _warn(row: Forecast, ahead: stock.StockAhead, coming: date | None, today: date) -> None:
    limits = policy.current().forecast
    if ahead.days is not None and ahead.days <= limits.shortage_days:
        day = coming.isoformat() if coming else None
        warn(row, Warned.SHORTAGE, MOST_SEVERE - A_DAY * ahead.days, days=ahead.days, coming=day)
        return
    floor = policy.current().medicine.floor_days
    soon = [
        found
        for found in ahead.lots
        if found.spare and floor <= _left(found, today) <= limits.surplus_days
    ]
    if soon:
        worst = max(soon, key=lambda found: (found.spare * found.lot.unit_cost, -found.lot.pk))
        part = 1 - _left(worst, today) / max(limits.surplus_days, 1)
        warn(
            row,
            Warned.SURPLUS,
            EXPIRES_LATER + (EXPIRES_NOW - EXPIRES_LATER) * part,
            lot=worst.lot.pk,
            lot_no=worst.lot.lot_no,
            packs=worst.spare,
            expires=worst.lot.expiry_date.isoformat(),
        )


def _left(found: stock.LotAhead, today: date) -> int:
    return (found.lot.expiry_date - today).days


def words(row: Forecast) -> str:
    figures = row.figures
    if row.warned == Warned.SURPLUS:
        return _("%(name)s: %(packs)s packs of lot %(lot)s will hardly be used by %(day)s") % {
            "name": row.name,
            "packs": figures["packs"],
            "lot": figures["lot_no"],
            "day": describe_date(date.fromisoformat(figures["expires"])),
        }
    values = {"name": row.name, "days": figures["days"]}
    if figures["coming"] is None:
        text = _(
            "%(name)s: %(days)s days of stock at the forecast's 90 %% use, next delivery unknown"
        )
        return text % values
    values["day"] = describe_date(date.fromisoformat(figures["coming"]))
    return (
        _("%(name)s: %(days)s days of stock at the forecast's 90 %% use, more due %(day)s") % values
    )


def address(row: Forecast, slug: str, may_offer: bool) -> str:
    """A surplus leads into the offer, its packs filled in."""
    if may_offer and row.warned == Warned.SURPLUS:
        return offer_address(slug, row.figures["lot"], row.figures["packs"])
    return reverse(PAGE, args=[slug])


def offer_address(slug: str, lot: int, packs: int) -> str:
    page = reverse("resources:medicine-offer", args=[slug, lot])
    return f"{page}?{urlencode({'packs': packs})}"


register(
    AheadKind(
        code="medicine",
        label=gettext_lazy("Medicines"),
        page=PAGE,
        foresee=foresee,
        words=words,
        address=address,
    )
)
