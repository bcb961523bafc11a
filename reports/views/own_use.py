"""What an institution will probably use of its own devices, and what it could offer ahead."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property

from medshare_portal.roles import Permission
from medshare_portal.views.pages import Page
from reports.forecast.idle import HOURS_A_DAY, Idle
from reports.queries.home import zone_of
from reports.queries.own_use import DayAhead, DeviceClass, device_classes, outlook

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
            wide=WIDE * HOURS_A_DAY, tall=TALL, **kwargs,
        )  # fmt: skip
        if self.chosen is None:
            return context
        found = outlook(self.institution, self.chosen, now=self.now, zone=zone_of(self.institution))
        rows = [_row(day, self.chosen.units) for day in found.days]
        return context | {"outlook": found, "rows": rows}

    def _tabs(self) -> list[dict]:
        address = reverse("reports:own-use", args=[self.institution.slug])
        return [
            {
                "label": row.category.name,
                "url": f"{address}?category={row.category.pk}",
                "count": row.units,
                "active": row is self.chosen,
            }
            for row in self.classes
        ]


def _row(day: DayAhead, units: int) -> DayRow:
    bars = [
        {"x": hour * WIDE, "high": _bar(high, units), "expected": _bar(expected, units)}
        for hour, (expected, high) in enumerate(zip(day.expected, day.high, strict=True))
    ]
    return DayRow(day.day, bars, [_words(idle) for idle in day.idle])


def _bar(value: float, units: int) -> dict:
    """As text: a number would be written in the reader's language."""
    height = TALL * value / units
    return {"y": f"{TALL - height:.1f}", "height": f"{height:.1f}"}


def _words(idle: Idle) -> dict:
    first = idle.first % HOURS_A_DAY
    return {
        "whole_day": idle.last - idle.first == HOURS_A_DAY,
        "first": f"{first:02d}:00",
        "last": f"{first + idle.last - idle.first:02d}:00",
        "units": idle.units,
    }
