"""What an institution will probably use of its own devices, and what it could offer ahead."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property

from medshare_portal.roles import Permission
from medshare_portal.views.pages import Page
from reports.forecast.idle import HOURS_A_DAY, Idle
from reports.kinds.equipment import PAGE, clock
from reports.queries.home import zone_of
from reports.queries.own_use import (
    DayAhead,
    DeviceClass,
    Outlook,
    device_classes,
    foretold,
    outlook,
)
from reports.views.ahead import other_pages
from resources.forms.windows import in_address
from resources.intervals import instant_of
from resources.queries.low_use import WINDOWS_A_DAY
from scheduling.addresses import find_address

TALL = 28  # of a day's drawing; an hour is 8 wide
WIDE = 8


@dataclass(frozen=True)
class DayRow:
    day: date
    bars: list[dict]
    idle: list[dict]
    fresh: list[dict]  # what of it is not on offer yet, with the way to offer it
    short: list[dict]  # when units will lack, with the way to borrow some


class OwnUse(Page):
    """One class of devices at a time: ``?category=``; with ``offer=1-18:00-24:00`` straight on to
    the form that offers this time, where it is still to be offered."""

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
            return self._first()
        for row in self.classes:
            if str(row.category.pk) == asked:
                return row
        raise Http404

    @cached_property
    def found(self) -> Outlook:
        return outlook(self.institution, self.chosen, now=self.now, zone=zone_of(self.institution))

    def get(self, request, *args, **kwargs):
        asked = request.GET.get("offer", "")
        form = self._offer_form(asked) if asked and self.chosen else ""
        return redirect(form) if form else super().get(request, *args, **kwargs)

    def _offer_form(self, asked: str) -> str:
        times = [(day.day.weekday(), idle) for day in self.found.days for idle in day.fresh]
        addresses = (
            self._offer_address(self.found, weekday, idle)
            for weekday, idle in times
            if in_address(weekday, idle.first, idle.last) == asked
        )
        return next(filter(None, addresses), "")

    def _first(self) -> DeviceClass | None:
        """One of which something is foretold, if there is any."""
        told = foretold(self.institution)
        first = (row for row in self.classes if row.category.pk in told)
        return next(first, self.classes[0] if self.classes else None)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(
            tabs=self._tabs(), chosen=self.chosen, may_offer=self.may(Permission.PUBLISH_OFFER),
            other_pages=other_pages(PAGE, self.institution.slug),
            wide=WIDE * HOURS_A_DAY, tall=TALL, **kwargs,
        )  # fmt: skip
        if self.chosen is None:
            return context
        found = self.found
        rows = [self._row(day, found) for day in found.days]
        return context | {
            "outlook": found,
            "row": found.forecast,
            "rows": rows,
            "week_url": self._week_address(found),
            "zone": zone_of(self.institution),
        }

    def _row(self, day: DayAhead, found: Outlook) -> DayRow:
        fresh = [
            _words(idle) | {"url": self._offer_address(found, day.day.weekday(), idle)}
            for idle in day.fresh
        ]
        short = [_words(lack) | {"url": self._find_address(day, lack)} for lack in day.short]
        bars = _bars(day, self.chosen.units)
        return DayRow(day.day, bars, [_words(idle) for idle in day.idle], fresh, short)

    def _find_address(self, day: DayAhead, lack: Idle) -> str:
        """The search for so many units of others at that time."""
        if not self.may(Permission.ASK):
            return ""
        zone = zone_of(self.institution)
        midnight = datetime.combine(day.day, time())
        starts_at, ends_at = (
            instant_of(midnight + timedelta(hours=hour), zone) for hour in (lack.first, lack.last)
        )
        times = {"starts_at": starts_at, "ends_at": ends_at, "units": lack.units}
        return find_address(self.institution, self.chosen.category, zone, **times)

    def _offer_address(self, found: Outlook, weekday: int, idle: Idle) -> str:
        """The form of an offer with this time filled in: of a device that has none, else of one
        whose offer leaves the time free.  None where the band did not hold: nothing is promised on
        it."""
        if found.forecast.band_fails:
            return ""
        name, key = self._form_for(found, weekday, idle)
        if not key or not self.may(Permission.PUBLISH_OFFER):
            return ""
        window = urlencode({"window": in_address(weekday, idle.first, idle.last)})
        return f"{reverse(name, args=[self.institution.slug, key])}?{window}"

    @staticmethod
    def _form_for(found: Outlook, weekday: int, idle: Idle) -> tuple[str, int]:
        if found.unoffered:
            return "resources:offer-create", found.unoffered[0].pk
        for week in found.weeks.values():
            if week.leaves_free(weekday, idle.first, idle.last):
                return "resources:offer-edit", week.offer
        return "", 0

    def _week_address(self, found: Outlook) -> str:
        """The form of a first offer with all times of the week."""
        windows = [
            in_address(day.day.weekday(), idle.first, idle.last)
            for day in found.days
            for idle in day.fresh[:WINDOWS_A_DAY]
        ]
        if not windows or not found.unoffered or not self.may(Permission.PUBLISH_OFFER):
            return ""
        if found.forecast.band_fails:
            return ""
        device = found.unoffered[0].pk
        form = reverse("resources:offer-create", args=[self.institution.slug, device])
        return f"{form}?{urlencode({'window': windows}, doseq=True)}"

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


def _bars(day: DayAhead, units: int) -> list[dict]:
    return [
        {"x": hour * WIDE, "high": _bar(high, units), "expected": _bar(expected, units)}
        for hour, (expected, high) in enumerate(zip(day.expected, day.high, strict=True))
    ]


def _bar(value: float, units: int) -> dict:
    """As text: a number would be written in the reader's language."""
    height = TALL * value / units
    return {"y": f"{TALL - height:.1f}", "height": f"{height:.1f}"}


def _words(idle: Idle) -> dict:
    return {
        "whole_day": idle.last - idle.first == HOURS_A_DAY,
        "time": clock(idle.first, idle.last),
        "units": idle.units,
    }
