"""What was done with a result that could be recognised."""

from django import forms
from django.utils.translation import gettext_lazy as _

from resources.enums_information import RepeatReason

RECOGNISED, AGAIN = "recognised", "again"


class RecognitionForm(forms.Form):
    """Whether the rules allow it is asked by the action."""

    outcome = forms.ChoiceField(
        label=_("What do you do with it?"),
        choices=[(RECOGNISED, _("Recognise the result")), (AGAIN, _("Examine again"))],
        widget=forms.RadioSelect,
    )
    reason = forms.ChoiceField(
        label=_("Why examine again"),
        choices=[("", "–"), *RepeatReason.choices],
        required=False,
    )
    note = forms.CharField(
        label=_("Note"), max_length=300, required=False, help_text=_("No names of patients.")
    )
