"""The city's landing page: bookings of all institutions, without personal data."""

from django.utils.translation import gettext as _

from medshare_portal.local_times import day_words, describe_moment
from medshare_portal.roles import Permission
from medshare_portal.views.pages import Page
from reports.kinds import ahead
from reports.queries.ahead import city_lines
from reports.queries.city import PERIOD_DAYS, SHOWN_STATES, CityNumbers, city_numbers
from scheduling.views.city_round_card import rounds_for


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
            states=[state.label for state in SHOWN_STATES],
            period_days=PERIOD_DAYS,
            counted_until=numbers.counted_until and day_words(numbers.counted_until),
            moment=describe_moment(self.now),
            rounds=rounds_for(self.request.permissions, self.now),
            lines_ahead=[(line, ahead[line.kind].label) for line in city_lines(ahead.names())],
            **kwargs,
        )


def _headlines(numbers: CityNumbers) -> list[tuple[str, str, str]]:
    """(number, name, definition)."""
    requested, countered, approved, underway, _finished = numbers.counts
    return [
        (requested + countered, _("Waiting for an answer"), _("requests and counter-offers")),
        (
            numbers.total("unanswered"),
            _("Answer overdue"),
            _("beyond the answer time of their urgency"),
        ),
        (approved, _("Booked"), _("approved, not yet handed over")),
        (underway, _("In use"), _("handed over, not yet returned")),
        (numbers.total("overdue"), _("Return overdue"), _("still in use after the agreed end")),
        (
            round(numbers.total("hours_lent")),
            _("Hours shared"),
            _("actual use in the last 30 full days"),
        ),
    ]
