"""Moments in forms: typed and shown in a local clock, right on the nights when clocks change.

An hour that the clocks skip is an error beside the field.  For an hour that they show twice the
control offers both meanings, in ``<name>_which``; until one is chosen that is an error too.
"""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from medshare_portal.form_rendering.widgets import MOMENT
from medshare_portal.local_times import describe_moment, instants_of

FORMAT = "%Y-%m-%dT%H:%M"
FIRST_YEAR, LAST_YEAR = 2000, 2100
MEANINGS = ("0", "1")


class Typed(NamedTuple):
    """What was sent: a wall time, and which of its two moments is meant ("", "0" or "1")."""

    text: str
    which: str = ""


def written(moment: datetime, zone: ZoneInfo) -> str:
    """A moment as an address writes it: local, with the offset where the hour comes twice."""
    local = moment.astimezone(zone)
    twice = len(instants_of(local.replace(tzinfo=None), zone)) > 1
    return local.isoformat(timespec="minutes") if twice else local.strftime(FORMAT)


def _read(text: str) -> datetime | None:
    """A wall time, or a moment where an offset is given; None for anything else."""
    try:
        return parse_datetime(text.strip())
    except ValueError:
        return None


def _in_range(found: datetime) -> bool:
    return FIRST_YEAR <= found.year <= LAST_YEAR


class MomentWidget(forms.DateTimeInput):
    """A date-time control, with a choice beside it where the time comes twice."""

    input_type = "datetime-local"
    template_name = MOMENT
    zone = ZoneInfo("UTC")

    def __init__(self, attrs=None):
        limits = {"min": f"{FIRST_YEAR}-01-01T00:00", "max": f"{LAST_YEAR}-12-31T23:59"}
        super().__init__(attrs={"step": "300"} | limits | (attrs or {}), format=FORMAT)

    def value_from_datadict(self, data, files, name):
        text = data.get(name)
        return None if text is None else Typed(text, data.get(f"{name}_which", ""))

    def get_context(self, name, value, attrs):
        text, which, moments = self._shown(value)
        context = super().get_context(name, text, attrs)
        context["widget"]["meanings"] = [
            {"value": meaning, "label": self._label(moment), "chosen": meaning == which}
            for meaning, moment in zip(MEANINGS, moments, strict=False)
            if len(moments) > 1
        ]
        return context

    def _shown(self, value) -> tuple[str | None, str, list[datetime]]:
        """The text of the control, the chosen meaning, and the moments that it may mean."""
        text, which = value if isinstance(value, Typed) else (None, "")
        found = value if isinstance(value, datetime) else _read(text or "")
        if found is None or not _in_range(found):
            return text, which, []
        if found.tzinfo is not None:
            found = found.astimezone(self.zone)
            text, which = found.strftime(FORMAT), MEANINGS[found.fold]
        return text, which, instants_of(found.replace(tzinfo=None), self.zone)

    def _label(self, moment: datetime) -> str:
        local = moment.astimezone(self.zone)
        return f"{describe_moment(moment, tz=self.zone)} ({local:%Z, UTC%z})"


class MomentField(forms.DateTimeField):
    """An aware moment in UTC; the form sets the clock with ``set_zone`` before it is used."""

    widget = MomentWidget
    default_error_messages = {
        "invalid": _("Enter a date and a time, such as 2026-11-25 08:00."),
        "year": _("Choose a year from 2000 to 2100."),
        "skipped": _("The clocks are put forward that night: there is no %(time)s."),
        "doubled": _("The clocks are put back that night: %(time)s comes twice. Choose which."),
    }

    def to_python(self, value):
        if value is None or isinstance(value, datetime):
            return value
        text, which = value if isinstance(value, Typed) else Typed(str(value))
        if not text.strip():
            return None
        found = _read(text)
        if found is None:
            raise self._error("invalid")
        if not _in_range(found):
            raise self._error("year")
        return found if found.tzinfo else self._moment(found, which)

    def prepare_value(self, value):
        """Moments stay moments: the widget shows them in its zone."""
        return value

    def _moment(self, wall: datetime, which: str) -> datetime:
        moments = instants_of(wall, self.widget.zone)
        if not moments:
            raise self._error("skipped", wall)
        if len(moments) == 1:
            return moments[0]
        if which not in MEANINGS:
            raise self._error("doubled", wall)
        return moments[MEANINGS.index(which)]

    def _error(self, code: str, wall: datetime | None = None) -> ValidationError:
        params = {"time": f"{wall:%H:%M}"} if wall else None
        return ValidationError(self.error_messages[code], code=code, params=params)


def set_zone(form: forms.Form, zone: ZoneInfo) -> None:
    """All moments of a form are in this local clock."""
    for field in form.fields.values():
        if isinstance(field, MomentField):
            field.widget.zone = zone


class EndAfterStart:
    """Mixin: the pairs of fields that must be in order (GEN-01)."""

    pairs: tuple[tuple[str, str], ...] = (("starts_at", "ends_at"),)

    def clean(self):
        values = super().clean()
        for first, last in self.pairs:
            starts_at, ends_at = values.get(first), values.get(last)
            if starts_at and ends_at and ends_at <= starts_at:
                self.add_error(last, _("End must be after start."))
        return values
