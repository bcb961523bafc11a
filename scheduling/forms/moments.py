"""Moments in forms: typed and shown in the local time of the resource's site."""

from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

FORMAT = "%Y-%m-%dT%H:%M"
FIRST_YEAR, LAST_YEAR = 2000, 2100


class LocalMomentField(forms.DateTimeField):
    """An aware moment; ``zone`` is set by the form before it is bound or rendered."""

    zone: ZoneInfo = ZoneInfo("UTC")
    widget = forms.DateTimeInput(format=FORMAT, attrs={"type": "datetime-local"})
    default_error_messages = {
        "invalid": _("Enter a date and a time, such as 2026-11-25 08:00."),
        "year": _("Choose a year from 2000 to 2100."),
    }

    def to_python(self, value):
        with timezone.override(self.zone):
            moment = super().to_python(value)
        if moment is not None and not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise ValidationError(self.error_messages["year"], code="year")
        return moment

    def prepare_value(self, value):
        with timezone.override(self.zone):
            return super().prepare_value(value)


def set_zone(form: forms.Form, sharing_request) -> None:
    """All moments of a form are in the local time of the resource's site."""
    zone = ZoneInfo(sharing_request.resource.site.time_zone)
    for field in form.fields.values():
        if isinstance(field, LocalMomentField):
            field.zone = zone


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
