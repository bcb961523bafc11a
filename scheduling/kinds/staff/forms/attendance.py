"""The timesheet and the plain questions."""

from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from medshare_portal.forms.moments import EndAfterStart, MomentField, set_zone


class TimesheetForm(EndAfterStart, forms.Form):
    """What was worked, in the clock of the host's site."""

    pairs = (("worked_from", "worked_until"),)
    worked_from = MomentField(label=_("Worked from"))
    worked_until = MomentField(label=_("Worked until"))
    break_minutes = forms.IntegerField(label=_("Break taken, minutes"), min_value=0, max_value=240)
    text = forms.CharField(
        label=_("Remark, such as why it ended early"), max_length=1000, required=False
    )

    def __init__(self, *args, zone: ZoneInfo, **kwargs):
        super().__init__(*args, **kwargs)
        set_zone(self, zone)


class ConsentForm(forms.Form):
    """Yes or no, with a word."""

    text = forms.CharField(
        label=_("Remark"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    answer = forms.ChoiceField(
        label=_("Answer"),
        choices=[("yes", _("Agree")), ("no", _("Refuse"))],
        widget=forms.RadioSelect,
    )


class SeriesConsentForm(ConsentForm):
    """The same for one date of a series, or for all that wait."""

    every = forms.BooleanField(
        label=_("The same answer for all dates of this series"), required=False, initial=True
    )
