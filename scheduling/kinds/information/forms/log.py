"""Filters of the access log."""

from django import forms
from django.utils.translation import gettext_lazy as _

from scheduling.enums_information import Decision

BIGGEST = 2**53


class LogFilter(forms.Form):
    """Everything is optional; what is malformed is said and shows no rows."""

    decision = forms.ChoiceField(
        label=_("Decision"), choices=[("", _("Any")), *Decision.choices], required=False
    )
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
        return {name: values[name] for name in ("before", "decision", "resource", "request")}
