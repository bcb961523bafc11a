"""What an institution will probably use of its own devices, and what it could offer ahead."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property

from medshare_portal.roles import Permission
from medshare_portal.views.pages import Page
from reports.forecast.idle import HOURS_A_DAY, Idle
from reports.kinds.equipment import PAGE, clock
from reports.queries.home import zone_of
from reports.queries.own_use import DayAhead, DeviceClass, device_classes, outlook
from reports.views.ahead import other_pages
from resources.forms.windows import in_address
from resources.queries.low_use import WINDOWS_A_DAY

TALL = 28  # of a day's drawing; an hour is 8 wide
WIDE = 8


@dataclass(frozen=True)
class DayRow:
    day: date
    bars: list[dict]
    idle: list[dict]


class OwnUse(Page):
    """One class of devices at a time: ``?category=``."""

    permission = Permission.VIEW
    of_kind = "equipment"
    template_name = "reports/own_use.html"

    @cached_property
    def classes(self) -> list[DeviceClass]:
        return device_classes(self.institution, now=self.now)

    @cached_property
    def chosen(self) -> DeviceClass | None:
        asked = self.request.GET.get("category", "")
        if not asked:
            return self.classes[0] if self.classes else None
        for row in self.classes:
            if str(row.category.pk) == asked:
                return row
        raise Http404

    def get_context_data(self, **kwargs):
        context = super().get_context_data(
            tabs=self._tabs(), chosen=self.chosen, may_offer=self.may(Permission.PUBLISH_OFFER),
            other_pages=other_pages(PAGE, self.institution.slug),
            wide=WIDE * HOURS_A_DAY, tall=TALL, **kwargs,
        )  # fmt: skip
        if self.chosen is None:
            return context
        found = outlook(self.institution, self.chosen, now=self.now, zone=zone_of(self.institution))
        offer = self._offer_address(found.unoffered)
        rows = [_row(day, self.chosen.units, offer) for day in found.days]
        all_week = [idle["window"] for row in rows for idle in row.idle[:WINDOWS_A_DAY]]
        week_url = f"{offer}?{urlencode({'window': all_week}, doseq=True)}" if offer else ""
        return context | {
            "outlook": found,
            "row": found.forecast,
            "rows": rows,
            "week_url": week_url if all_week else "",
            "zone": zone_of(self.institution),
        }

    def _offer_address(self, unoffered) -> str:
        """Of the first device that has no offer, for who may offer it."""
        if not unoffered or not self.may(Permission.PUBLISH_OFFER):
            return ""
        return reverse("resources:offer-create", args=[self.institution.slug, unoffered[0].pk])

    def _tabs(self) -> list[dict]:
        address = reverse(PAGE, args=[self.institution.slug])
        return [
            {
                "label": row.category.name,
                "url": f"{address}?category={row.category.pk}",
                "count": row.units,
                "active": row is self.chosen,
            }
            for row in self.classes
        ]


def _row(day: DayAhead, units: int, offer: str) -> DayRow:
    bars = [
        {"x": hour * WIDE, "high": _bar(high, units), "expected": _bar(expected, units)}
        for hour, (expected, high) in enumerate(zip(day.expected, day.high, strict=True))
    ]
    return DayRow(day.day, bars, [_words(day.day, idle, offer) for idle in day.idle])


def _bar(value: float, units: int) -> dict:
    """As text: a number would be written in the reader's language."""
    height = TALL * value / units
    return {"y": f"{TALL - height:.1f}", "height": f"{height:.1f}"}


def _words(day: date, idle: Idle, offer: str) -> dict:
    window = in_address(day.weekday(), idle.first, idle.last)
    return {
        "whole_day": idle.last - idle.first == HOURS_A_DAY,
        "time": clock(idle.first, idle.last),
        "units": idle.units,
        "window": window,
        "url": f"{offer}?{urlencode({'window': window})}" if offer else "",
    }
