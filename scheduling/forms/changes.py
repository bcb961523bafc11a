"""Other times for a running booking: extension, its answer, recall, earlier end."""

from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from medshare_portal.forms.moments import MomentField, set_zone
from scheduling.forms.decisions import message_field
from scheduling.kinds import zone_of


class NewEndForm(forms.Form):
    """A new end and why."""

    new_ends_at = MomentField(label=_("New end"))
    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, sharing_request, **kwargs):
        super().__init__(*args, **kwargs)
        set_zone(self, ZoneInfo(zone_of(sharing_request)))


YES_NO = [("yes", _("Yes")), ("no", _("No"))]


class FaultForm(forms.Form):
    """What happened to the device, in words without patients."""

    what = forms.CharField(
        label=_("What happened"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("No names, numbers or findings of patients: both hospitals read this."),
    )
    harm = forms.ChoiceField(
        label=_("Was a patient harmed?"), choices=YES_NO, widget=forms.RadioSelect
    )
    stopped = forms.ChoiceField(
        label=_("Have you stopped using it?"), choices=YES_NO, widget=forms.RadioSelect
    )

    def said(self) -> dict:
        """What the action takes."""
        values = self.cleaned_data
        answers = {name: values[name] == "yes" for name in ("harm", "stopped")}
        return {"what": values["what"]} | answers


class AnswerExtensionForm(forms.Form):
    """The owner's answer to an extension."""

    agree = forms.ChoiceField(
        label=_("Your answer"),
        choices=[("yes", _("Agree to the new end")), ("no", _("Keep the present end"))],
        widget=forms.RadioSelect,
    )
    answer = message_field()
