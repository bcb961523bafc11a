"""Local date and time in a form, with both meanings of the hour that a clock change doubles."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from medshare_portal.local_times import describe_moment
from resources.intervals import instants_of

FORMAT = "%Y-%m-%dT%H:%M"
FIRST_YEAR, LAST_YEAR = 2000, 2100


class WallTimeField(forms.DateTimeField):
    """What a clock on the wall shows: no zone; the form turns it into a moment."""

    widget = forms.DateTimeInput(format=FORMAT, attrs={"type": "datetime-local"})
    default_error_messages = {
        "invalid": _("Enter a date and a time, such as 2026-11-25 08:00."),
        "year": _("Choose a year from 2000 to 2100."),
    }

    def to_python(self, value):
        """Past Django's own conversion, which refuses the doubled hour."""
        if value in self.empty_values:
            return None
        text = str(value).strip().replace("T", " ")
        for pattern in ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"):
            try:
                found = datetime.strptime(text, pattern)  # noqa: DTZ007 – a wall time has no zone
            except ValueError:
                continue
            if not FIRST_YEAR <= found.year <= LAST_YEAR:
                raise ValidationError(self.error_messages["year"], code="year")
            return found
        raise ValidationError(self.error_messages["invalid"], code="invalid")


class WhichField(forms.ChoiceField):
    """Which of the two moments of a doubled hour is meant; asked only when there are two."""

    def __init__(self):
        super().__init__(
            required=False,
            label=_("This time comes twice that night"),
            choices=[("", _("choose")), ("0", _("the first")), ("1", _("the second"))],
        )


class LocalMoments:
    """Mixin: ``moment_fields`` are wall times, each with a ``<name>_which`` beside it."""

    moment_fields: tuple[str, ...] = ("starts_at", "ends_at")
    zone: ZoneInfo

    def clean(self):
        values = super().clean()
        for name in self.moment_fields:
            if values.get(name) is not None:
                values[name] = self._moment(name, values[name], values.get(f"{name}_which"))
        starts_at, ends_at = (values.get(name) for name in self.moment_fields)
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error(self.moment_fields[1], _("End must be after start."))
        return values

    def _moment(self, name: str, wall: datetime, which: str | None) -> datetime | None:
        found = instants_of(wall, self.zone)
        if not found:
            self.add_error(
                name,
                _("The clocks are put forward that night: there is no %(time)s.")
                % {"time": f"{wall:%H:%M}"},
            )
            return None
        if len(found) == 1:
            return found[0]
        self._ask_which(name, found)
        if which not in {"0", "1"}:
            self.add_error(
                name,
                _("The clocks are put back that night: %(time)s comes twice. Choose which.")
                % {"time": f"{wall:%H:%M}"},
            )
            return None
        return found[int(which)]

    def _ask_which(self, name: str, found: list[datetime]) -> None:
        """Offer both meanings by their distance from UTC."""
        labels = [
            f"{describe_moment(moment, tz=self.zone)} ({moment.astimezone(self.zone):%Z, UTC%z})"
            for moment in found
        ]
        self.fields[f"{name}_which"].choices = [
            ("", _("choose")),
            ("0", labels[0]),
            ("1", labels[1]),
        ]
        self.doubled = {*getattr(self, "doubled", set()), name}

    def shown_fields(self):
        """The bound fields for the template: a choice of the doubled hour only where needed."""
        asked = {f"{name}_which" for name in getattr(self, "doubled", ())}
        return [field for field in self if not field.name.endswith("_which") or field.name in asked]
