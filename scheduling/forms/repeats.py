"""How something repeats; then a choice for each date."""

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal import policy
from medshare_portal.forms.moments import set_zone
from medshare_portal.local_times import day_words
from resources.enums import Weekday
from resources.forms.days import DayInput
from scheduling.forms.request import REASON
from scheduling.recurrence import BadRule, Hours, Limits, Rule, Use, days_of, parse, uses_on

WEEKLY, DAILY, MONTH_DAY, MONTH_WEEKDAY, PICKED, TYPED = (
    "weekly", "daily", "month_day", "month_weekday", "picked", "typed",
)  # fmt: skip
WAYS = [
    (WEEKLY, gettext_lazy("Every week, on the weekdays below")),
    (DAILY, gettext_lazy("Every day")),
    (MONTH_DAY, gettext_lazy("Every month, on this day of the month")),
    (MONTH_WEEKDAY, gettext_lazy("Every month, on this weekday of the same week")),
    (PICKED, gettext_lazy("On days that I pick")),
    (TYPED, gettext_lazy("By a rule that I type (RRULE)")),
]
FREQUENCY = {WEEKLY: "WEEKLY", DAILY: "DAILY", MONTH_DAY: "MONTHLY", MONTH_WEEKDAY: "MONTHLY"}
ASK, WAIT, LEAVE = "ask", "wait", "leave"
DATE = "date_"  # a field for each date, named by its start in UTC
PICKED_DAY = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
BETWEEN = re.compile(r"[\s,;，；、]+")
MOST_TEXT = 2000


def limits() -> Limits:
    own = policy.current().series
    return Limits(most_dates=own.most_dates, horizon_days=own.horizon_days)


def name_of(starts_at: datetime) -> str:
    return f"{DATE}{starts_at.astimezone(UTC):%Y%m%dT%H%MZ}"


class RepeatForm(forms.Form):
    """How what is asked repeats, for a form with ``starts_at`` and ``ends_at``, and then a choice
    for each date.  ``zone``: the dates repeat on that wall."""

    repeat = forms.ChoiceField(label=gettext_lazy("Repeat"), choices=WAYS, initial=WEEKLY)
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("On"),
        choices=Weekday.choices,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    every = forms.IntegerField(
        label=gettext_lazy("Every so many days, weeks or months"),
        min_value=1,
        max_value=99,
        initial=1,
        required=False,
    )
    times = forms.IntegerField(
        label=gettext_lazy("How often"), min_value=1, max_value=10**9, required=False
    )
    until = forms.DateField(label=gettext_lazy("Or until"), required=False, widget=DayInput)
    days = forms.CharField(
        label=gettext_lazy("Further days"),
        required=False,
        max_length=MOST_TEXT,
        help_text=gettext_lazy("Beside the first, such as 2026-12-08, 2026-12-15"),
    )
    rule = forms.CharField(
        label=gettext_lazy("Rule"),
        required=False,
        max_length=MOST_TEXT,
        help_text=gettext_lazy("Such as FREQ=MONTHLY;BYDAY=1TU;COUNT=6"),
    )

    def __init__(self, *args, zone: ZoneInfo, **kwargs):
        super().__init__(*args, zone=zone, **kwargs)
        self.zone, self.found, self.uses = zone, None, []
        set_zone(self, zone)

    def clean(self):
        values = super().clean()
        self._check_unused(values)
        told = self.errors.keys() & {"repeat", "rule", "days"}
        if values.get("starts_at") and values.get("ends_at") and not told:
            try:
                self._repeat(values)
            except BadRule as error:
                self.add_error(self._field_of(values), error.message)
        return values

    def _check_unused(self, values: dict) -> None:
        """Days or a rule that were typed beside another way to repeat would be left out unsaid."""
        for way, name in ((PICKED, "days"), (TYPED, "rule")):
            if values.get(name) and values.get("repeat") not in (None, way):
                words = gettext_lazy("Not used: choose “%(way)s” above, or leave this empty.")
                self.add_error(name, words % {"way": dict(WAYS)[way]})

    def _repeat(self, values: dict) -> None:
        first, last = (values[name].astimezone(self.zone) for name in ("starts_at", "ends_at"))
        later = (last.date() - first.date()).days
        hours = Hours(starts=first.time(), ends=last.time(), days_later=later)
        if values.get("repeat") == PICKED:
            days = self._picked(first.date(), values.get("days", ""))
        else:
            self.found = self._rule(first.date(), values)
            days = days_of(
                self.found,
                first_on=first.date(),
                starts=hours.starts,
                zone=self.zone,
                limits=limits(),
            )
        self.uses: list[Use] = uses_on(days, hours, self.zone)

    def _rule(self, first: date, values: dict) -> Rule:
        """What was chosen or typed as a rule."""
        repeat = values.get("repeat")
        if repeat not in FREQUENCY:
            if not values.get("rule"):
                raise BadRule(_("Type the rule, such as FREQ=WEEKLY;BYDAY=TU."))
            return parse(values["rule"])
        if values.get("times") and values.get("until"):
            raise BadRule(_("Say how often or until when, not both."))
        nth = (first.day - 1) // 7 + 1
        by_day = {
            WEEKLY: tuple((day, 0) for day in values.get("weekdays") or [first.weekday()]),
            MONTH_WEEKDAY: ((first.weekday(), nth if nth < 5 else -1),),
        }.get(repeat, ())
        return Rule(
            frequency=FREQUENCY[repeat],
            interval=values.get("every") or 1,
            count=values.get("times"),
            until=values.get("until"),
            by_day=by_day,
            by_month_day=(first.day,) if repeat == MONTH_DAY else (),
        )

    def _picked(self, first: date, text: str) -> list[date]:
        words = [word for word in BETWEEN.split(text) if word]
        days = {first, *map(_day, words)}
        most = limits()
        if len(days) > most.most_dates:
            raise BadRule(_("A series has at most %(most)s dates."), most=most.most_dates)
        if (max(days) - first).days > most.horizon_days:
            raise BadRule(
                _("A series ends within %(days)s days of its first date."), days=most.horizon_days
            )
        if min(days) < first:
            raise BadRule(_("A further day lies before the first one."))
        return sorted(days)

    def _field_of(self, values: dict) -> str:
        """Beside which field it belongs what is wrong with the rule."""
        beside = {PICKED: "days", TYPED: "rule"}.get(values.get("repeat"))
        return beside or ("until" if values.get("until") and not values.get("times") else "times")

    def offer(self, choices: dict[Use, list[tuple[str, str]]], *, sent: bool) -> None:
        """A field for each date with what can be chosen for it, the usual choice first.

        Of a form that is ``sent`` each must be there and still possible.
        """
        for use, offered in choices.items():
            name = name_of(use.starts_at)
            self.fields[name] = forms.ChoiceField(label=day_words(use.day), choices=offered)
            value = self.data.get(name)
            if sent and value is None:
                self.add_error(name, _("This date is new here: look at it and send again."))
            elif sent and value not in dict(offered):
                self.add_error(name, _("This is not possible any more: choose again."))
            elif sent:
                self.cleaned_data[name] = value

    def show_reasons(self, codes) -> None:
        """A field for each warning; nothing is asked for before the form is sent."""
        for code in codes:
            self._reason(REASON + code)

    def chosen(self) -> dict[datetime, str]:
        """Start of a date → what was chosen for it; only after ``offer(sent=True)``."""
        return {use.starts_at: self.cleaned_data[name_of(use.starts_at)] for use in self.uses}


def _day(word: str) -> date:
    match = PICKED_DAY.fullmatch(word)
    try:
        return date(*map(int, match.groups()))
    except (AttributeError, ValueError):
        raise BadRule(
            _("“%(word)s” is no day: write it like 2026-12-08."), word=word[:20]
        ) from None
