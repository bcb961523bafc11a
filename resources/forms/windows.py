"""An offer's weekly windows as seven rows of plain time fields, its exceptions as lines."""

import re
from datetime import date, time

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from resources.enums import Weekday
from resources.intervals import DayException, Window, overlapping_windows, weekly_hours

ROWS = [(weekday, turn) for weekday in range(7) for turn in ("a", "b")]
LINE = re.compile(r"^(\d{4}-\d{2}-\d{2})(?:\s+(\d{1,2}:\d{2})\s*[-–—~至到]\s*(\d{1,2}:\d{2}))?$")
IN_ADDRESS = re.compile(r"([0-6])-((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d|24:00)")
MAX_EXCEPTIONS = 200


class ClockField(forms.TimeField):
    """Hours and minutes of the 24-hour clock, whatever the browser's language; 24:00 is 00:00."""

    widget = forms.TimeInput(
        format="%H:%M",
        attrs={"inputmode": "numeric", "maxlength": 5, "placeholder": "–", "autocomplete": "off"},
    )
    default_error_messages = {"invalid": _("Enter a time such as 18:00.")}

    def to_python(self, value):
        text = value.strip() if isinstance(value, str) else value
        return super().to_python("00:00" if text == "24:00" else text)


def window_fields() -> dict[str, ClockField]:
    """Two windows for each weekday: ``w0a_starts`` is Monday's first beginning."""
    return {
        f"w{weekday}{turn}_{end}": ClockField(
            required=False, label=f"{Weekday(weekday).label}, {label}"
        )
        for weekday, turn in ROWS
        for end, label in (("starts", _("from")), ("ends", _("until")))
    }


def initial_of(windows) -> dict[str, time]:
    """Form values for windows; of more than two on a day the first two."""
    values: dict[str, time] = {}
    for window in sorted(windows, key=lambda window: (window.weekday, window.starts)):
        turn = "b" if f"w{window.weekday}a_starts" in values else "a"
        values.setdefault(f"w{window.weekday}{turn}_starts", window.starts)
        values.setdefault(f"w{window.weekday}{turn}_ends", window.ends)
    return values


def windows_from(texts: list[str]) -> list[Window]:
    """Windows that another page puts into the address, such as ``1-18:00-24:00``; what is no
    window, or overlaps an earlier one, is left out."""
    windows: list[Window] = []
    for text in texts[: len(ROWS)]:
        match = IN_ADDRESS.fullmatch(text)
        if match is None:
            continue
        window = Window(int(match[1]), _time_of(match[2]), _time_of(match[3]))
        if not overlapping_windows([*windows, window]):
            windows.append(window)
    return windows


def _time_of(text: str) -> time:
    """24:00 is 00:00."""
    hour, minute = map(int, text.split(":"))
    return time(hour % 24, minute)


def in_address(weekday: int, first_hour: int, last_hour: int) -> str:
    return f"{weekday}-{first_hour:02d}:00-{last_hour:02d}:00"


class WindowsMixin:
    """Collects ``windows`` and ``exceptions`` from the fields of ``window_fields``."""

    def windows_of(self, values: dict) -> list[Window]:
        """The filled rows; a half-filled one gets its message."""
        windows = []
        for weekday, turn in ROWS:
            names = [f"w{weekday}{turn}_{end}" for end in ("starts", "ends")]
            starts, ends = (values.get(name) for name in names)
            if starts is not None and ends is not None:
                windows.append(Window(weekday, starts, ends))
            elif (starts is None) != (ends is None):
                empty = names[0] if starts is None else names[1]
                if empty not in self.errors:
                    self.add_error(empty, _("Give both times, or neither."))
        return windows

    def check_windows(self, windows: list[Window]) -> None:
        if not windows and not self.errors:
            self.add_error("w0a_starts", _("Enter at least one time in which it is idle."))
        for first, second in overlapping_windows(windows):
            self.add_error(
                self._field_of(second),
                _("Overlaps the window of %(day)s from %(from)s until %(until)s.")
                % {
                    "day": Weekday(first.weekday).label,
                    "from": f"{first.starts:%H:%M}",
                    "until": f"{first.ends:%H:%M}",
                },
            )

    def _field_of(self, window: Window) -> str:
        values = self.cleaned_data
        for turn in ("a", "b"):
            name = f"w{window.weekday}{turn}_starts"
            if values.get(name) == window.starts:
                return name
        return f"w{window.weekday}a_starts"

    def window_rows(self) -> list[dict]:
        """For the template: a weekday with its four bound fields and what is wrong with them."""
        rows = []
        for weekday in Weekday:
            names = [f"w{weekday}{turn}_{end}" for turn in ("a", "b") for end in ("starts", "ends")]
            fields = [self[name] for name in names]
            rows.append(
                {
                    "label": weekday.label,
                    "fields": fields,
                    "errors": [error for field in fields for error in field.errors],
                }
            )
        return rows

    def hours_a_week(self) -> float | None:
        """Offered hours of an ordinary week, of what is typed or proposed."""
        values = {}
        for name, field in window_fields().items():
            try:
                values[name] = field.clean(self[name].value())
            except ValidationError:
                return None
        pairs = [(w, values[f"w{w}{t}_starts"], values[f"w{w}{t}_ends"]) for w, t in ROWS]
        windows = [Window(*row) for row in pairs if row[1] is not None and row[2] is not None]
        return weekly_hours(windows) if not overlapping_windows(windows) else None


def read_exceptions(text: str, *, first: date, last: date | None) -> list[DayException]:
    """Lines such as ``2026-12-25`` (closed) or ``2026-12-26 08:00-12:00``.

    Raises ValidationError that names every bad line by number.
    """
    lines = [(n, line.strip()) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) > MAX_EXCEPTIONS:
        raise ValidationError(_("At most %(most)s lines.") % {"most": MAX_EXCEPTIONS})
    found: dict[date, DayException] = {}
    problems = []
    for number, line in lines:
        try:
            entry = _exception(line)
            if entry.day in found:
                raise ValueError(_("the date is there twice"))
            if entry.day < first or (last is not None and entry.day > last):
                raise ValueError(_("outside the time of the offer"))
            found[entry.day] = entry
        except ValueError as problem:
            words = {"number": number, "line": line[:40], "problem": problem}
            problems.append(_("Line %(number)s, “%(line)s”: %(problem)s.") % words)
    if problems:
        raise ValidationError(problems)
    return list(found.values())


def _exception(line: str) -> DayException:
    match = LINE.match(line)
    if match is None:
        raise ValueError(_("write a date, and the hours if it is open"))
    try:
        day = date.fromisoformat(match[1])
        starts, ends = (_clock(text) for text in match.groups()[1:])
    except ValueError as error:
        raise ValueError(_("there is no such date or time")) from error
    return DayException(day, starts, ends)


def _clock(text: str | None) -> time | None:
    if text is None:
        return None
    hour, minute = map(int, text.split(":"))
    return time(hour % 24 if (hour, minute) == (24, 0) else hour, minute)


def exception_lines(exceptions) -> str:
    """The text of exceptions, by date."""
    return "\n".join(
        f"{entry.day:%Y-%m-%d}"
        + (f" {entry.starts:%H:%M}-{entry.ends:%H:%M}" if entry.starts is not None else "")
        for entry in sorted(exceptions, key=lambda entry: entry.day)
    )
