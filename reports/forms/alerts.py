"""From which figures on people are warned."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.models.alert import MOST, MOST_PERCENT


def _limit(label, help_text, most: int):
    return forms.IntegerField(
        label=label, help_text=help_text, required=False, min_value=1, max_value=most
    )


class LimitsForm(forms.Form):
    """An empty field warns of nothing."""

    utilisation = _limit(
        _("Warn where scheduled utilisation is below (percent)"),
        _("Booked of offered hours of the last 30 days, from 1 to 100. Empty: no warning."),
        MOST_PERCENT,
    )
    overdue = _limit(
        _("Warn from this many overdue loans on"),
        _("What others use past its agreed end, 1 or more. Empty: no warning."),
        MOST,
    )
    lots = _limit(
        _("Warn from this many lots at risk on"),
        _("Lots that expire within 90 days and will not be used up. Empty: no warning."),
        MOST,
    )
