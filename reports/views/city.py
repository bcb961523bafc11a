"""The city's landing page: bookings of all institutions, without personal data."""

from datetime import timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from medshare_portal.local_times import day_words, describe_moment
from medshare_portal.roles import Permission
from medshare_portal.views.pages import Page
from reports.kinds import ahead
from reports.queries.ahead import city_lines
from reports.queries.city import PERIOD_DAYS, CityNumbers, Line, city_numbers
from reports.settlement.queries.waiting import disputes_with_city
from reports.views.disputes import SIDES
from scheduling.states import State
from scheduling.views.city_round_card import rounds_for

SHOWN_DISPUTES = 4


class CityHome(Page):
    permission = Permission.CITY_VIEW
    template_name = "reports/city.html"

    def get_context_data(self, **kwargs):
        numbers = city_numbers(now=self.now)
        return super().get_context_data(
            numbers=numbers,
            headlines=_headlines(numbers),
            overdue=numbers.total("overdue"),
            unanswered=numbers.total("unanswered"),
            heads=_heads(),
            rows=[_row(line, numbers) for line in numbers.lines],
            period_days=PERIOD_DAYS,
            counted_until=numbers.counted_until and day_words(numbers.counted_until),
            moment=describe_moment(self.now),
            rounds=rounds_for(self.request.permissions, self.now),
            disputes=self._disputes(),
            lines_ahead=[(line, ahead[line.kind].label) for line in city_lines(ahead.names())],
            **kwargs,
        )

    def _disputes(self) -> list:
        """Those that wait for the city, for whoever decides them."""
        if not self.may(Permission.DECIDE_DISPUTE):
            return []
        return list(disputes_with_city().select_related(*SIDES)[:SHOWN_DISPUTES])


def _headlines(numbers: CityNumbers) -> list[tuple[str, str, str, str]]:
    """(number, name, definition, address of the rows behind it)."""
    requested, countered, approved, underway, _finished = numbers.counts
    return [
        (
            requested + countered,
            _("Waiting for an answer"),
            _("requests and counter-offers"),
            _bookings(step="waiting"),
        ),
        (
            numbers.total("unanswered"),
            _("Answer overdue"),
            _("beyond the answer time of their urgency"),
            _bookings(late="answer"),
        ),
        (
            approved,
            _("Booked"),
            _("approved, not yet handed over"),
            _bookings(step="booked"),
        ),
        (
            underway,
            _("In use"),
            _("handed over, not yet returned"),
            _bookings(step="in_use"),
        ),
        (
            numbers.total("overdue"),
            _("Return overdue"),
            _("still in use after the agreed end"),
            _bookings(late="return"),
        ),
        (
            round(numbers.total("hours_lent")),
            _("Hours shared"),
            _("actual use in the last 30 full days"),
            _uses(numbers),
        ),
    ]


def _bookings(**filters) -> str:
    return f"{reverse('city:bookings')}?{urlencode(filters)}"


def _uses(numbers: CityNumbers, **filters) -> str:
    """What ended in the days of the hours."""
    if numbers.counted_until is None:
        return ""
    first = numbers.counted_until - timedelta(days=PERIOD_DAYS - 1)
    days = {"first": first.isoformat(), "last": numbers.counted_until.isoformat()}
    return f"{reverse('city:uses')}?{urlencode(days | filters)}"


def _heads() -> list[str]:
    return [
        _("Waiting for an answer"),
        _("Answer overdue"),
        _("Booked"),
        _("In use"),
        _("Return overdue"),
        State.FINISHED.label,
        _("Hours lent"),
        _("Hours borrowed"),
    ]


def _row(line: Line, numbers: CityNumbers) -> dict:
    """``cells``: (head, number, address, whether it calls for somebody)."""
    states, house = line.states, line.institution.pk
    found = [
        (states[State.REQUESTED] + states[State.COUNTERED], {"step": "waiting"}, False),
        (line.unanswered, {"late": "answer"}, True),
        (states[State.APPROVED], {"step": "booked"}, False),
        (states[State.UNDERWAY], {"step": "in_use"}, False),
        (line.overdue, {"late": "return"}, True),
        (states[State.FINISHED], {"step": "returned"}, False),
    ]
    cells = [
        (number, _bookings(owner=house, **asked) if number else "", bad and number > 0)
        for number, asked, bad in found
    ]
    uses = _uses(numbers, institution=house)
    cells += [
        (round(hours), uses if hours else "", False)
        for hours in (line.hours_lent, line.hours_borrowed)
    ]
    return {
        "pk": house,
        "name": line.institution.name,
        "url": reverse("city:scorecard", args=[house]),
        "cells": [(head, *cell) for head, cell in zip(_heads(), cells, strict=True)],
    }
