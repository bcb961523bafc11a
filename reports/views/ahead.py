"""What an institution will need of medicines and people, as the last night worked it out."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property

from medshare_portal.roles import Permission
from medshare_portal.views.pages import Page
from reports.kinds import ahead
from reports.kinds import medicine as medicines
from reports.kinds import staff as people
from reports.models import Forecast
from reports.queries import stock_ahead as stock
from reports.queries.ahead import of_institution
from reports.queries.home import zone_of
from reports.queries.shifts_ahead import rostered
from resources.enums_medicine import DoseUnit

PER_PAGE = 30
WIDE, TALL = 180, 40  # of an item's drawing
DRAWN_DAYS = 90
MONTH = 30


def other_pages(here: str, slug: str) -> list[dict]:
    """The pages of the other kinds that foresee."""
    return [
        {"label": kind.label, "url": reverse(kind.page, args=[slug])}
        for kind in ahead
        if kind.page != here
    ]


class AheadPage(Page):
    """``page_name`` is the address of the page; ``of`` the kind that it shows."""

    permission = Permission.VIEW
    page_name = of = ""

    @cached_property
    def zone(self):
        return zone_of(self.institution)

    @cached_property
    def today(self):
        return self.now.astimezone(self.zone).date()

    def get_context_data(self, **kwargs):
        pages = other_pages(self.page_name, self.institution.slug)
        return super().get_context_data(zone=self.zone, other_pages=pages, **kwargs)


@dataclass(frozen=True, kw_only=True)
class ItemRow:
    """``a_day``: expected dose units a day over the next month; ``lots`` with packs to spare."""

    row: Forecast
    words: str  # of its warning
    unit: str
    a_day: float
    stock: stock.StockAhead
    lots: list[dict]
    drawing: dict | None

    @property
    def days(self) -> int | None:
        return self.stock.days


class StockAheadPage(AheadPage):
    template_name = "reports/stock_ahead.html"
    page_name, of = medicines.PAGE, "medicine"
    of_kind = of

    def get_context_data(self, **kwargs):
        rows = of_institution(self.institution, self.of)
        page = Paginator(rows, PER_PAGE).get_page(self.request.GET.get("page"))
        found = list(page)
        return super().get_context_data(
            page=page,
            row=found[0] if found else None,
            rows=self._rows(found),
            days_ahead=stock.DAYS_AHEAD,
            drawn_days=DRAWN_DAYS,
            **kwargs,
        )

    def _rows(self, found: list[Forecast]) -> list[ItemRow]:
        lots = stock.own_lots(self.institution, [row.subject for row in found], self.today)
        offered = stock.offered(self.institution, lots)
        may_offer = self.may(Permission.PUBLISH_OFFER)
        return [
            self._row(row, lots[row.subject], offered, may_offer)
            for row in found
            if row.subject in lots
        ]

    def _row(self, row: Forecast, lots: list, offered: dict, may_offer: bool) -> ItemRow:
        ahead_of = stock.stock_ahead(lots, row.high, offered, self.today)
        return ItemRow(
            row=row,
            words=medicines.words(row) if row.warned else "",
            unit=DoseUnit(lots[0].unit).label,
            a_day=row.expected[MONTH - 1] / MONTH,
            stock=ahead_of,
            lots=[self._lot(found, may_offer) for found in ahead_of.lots if found.spare],
            drawing=drawing(row, ahead_of.units) if row.high else None,
        )

    def _lot(self, found: stock.LotAhead, may_offer: bool) -> dict:
        lot, slug = found.lot, self.institution.slug
        return {
            "lot": lot,
            "spare": found.spare,
            "url": medicines.offer_address(slug, lot.pk, found.spare) if may_offer else "",
        }


def drawing(row: Forecast, units: int) -> dict:
    """The band of the sums as one outline, and the height of the stock.  As text: a number would
    be written in the reader's language."""
    low, high = row.low[:DRAWN_DAYS], row.high[:DRAWN_DAYS]
    most = max(high[-1], units, 1)
    upper = [_point(day, value, most) for day, value in enumerate(high)]
    lower = [_point(day, value, most) for day, value in enumerate(low)]
    return {
        "band": " ".join(upper + lower[::-1]),
        "expected": " ".join(
            _point(day, value, most) for day, value in enumerate(row.expected[:DRAWN_DAYS])
        ),
        "stock": f"{TALL - TALL * min(units / most, 1):.1f}",
        "wide": WIDE,
        "tall": TALL,
    }


def _point(day: int, value: float, most: float) -> str:
    return f"{WIDE * day / (DRAWN_DAYS - 1):.1f},{TALL - TALL * value / most:.1f}"


class ShiftsAhead(AheadPage):
    """One profession, or one of its specialties, at a time: ``?category=&specialty=``."""

    template_name = "reports/shifts_ahead.html"
    page_name, of = people.PAGE, "staff"
    of_kind = of

    @cached_property
    def rows(self) -> list[Forecast]:
        return list(of_institution(self.institution, self.of))

    @cached_property
    def chosen(self) -> Forecast | None:
        asked = self.request.GET.get("category", "")
        if not asked:
            return self.rows[0] if self.rows else None
        series = asked, self.request.GET.get("specialty", "")
        for row in self.rows:
            if (str(row.category_id), row.subject) == series:
                return row
        raise Http404

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            row=self.chosen,
            tabs=self._tabs(),
            days=self._days(),
            may_ask=self.may(Permission.ASK),
            **kwargs,
        )

    def _days(self) -> list[people.DayAhead]:
        if self.chosen is None:
            return []
        roster = rostered(self.institution, today=self.today, zone=self.zone)
        mine = roster.get(people.series_of(self.chosen), {})
        return people.days_of(self.chosen, mine, self.today)

    def _tabs(self) -> list[dict]:
        address = reverse(self.page_name, args=[self.institution.slug])
        return [
            {
                "label": row.name,
                "url": f"{address}?{urlencode(people.query_of(row))}",
                "active": row is self.chosen,
                "count": None,
            }
            for row in sorted(self.rows, key=lambda row: (row.category.path, row.subject))
        ]
