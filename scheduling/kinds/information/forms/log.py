"""Filters of the access log."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from scheduling.enums_information import Decision

BIGGEST = 2**53
EVER = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2100, 1, 1))]


def _day(label):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, validators=EVER, widget=widget)


class LogFilter(forms.Form):
    """Everything is optional; what is malformed is said and shows no rows."""

    decision = forms.ChoiceField(
        label=_("Decision"), choices=[("", _("Any")), *Decision.choices], required=False
    )
    first = _day(_("From"))
    last = _day(_("Until"))
    resource = forms.IntegerField(
        required=False, min_value=1, max_value=BIGGEST, widget=forms.HiddenInput
    )
    request = forms.IntegerField(
        required=False, min_value=1, max_value=BIGGEST, widget=forms.HiddenInput
    )
    before = forms.IntegerField(
        required=False, min_value=1, max_value=BIGGEST, widget=forms.HiddenInput
    )

    @property
    def chosen(self) -> dict:
        """What the query takes."""
        values = self.cleaned_data
        found = {name: values[name] for name in ("before", "decision", "resource", "request")}
        return found | {
            "since": values["first"] and _midnight(values["first"]),
            "until": values["last"] and _midnight(values["last"] + timedelta(days=1)),
        }


def _midnight(day: date) -> datetime:
    """On the city's clock, as in the figures."""
    return datetime.combine(day, time(), timezone.get_default_timezone())
