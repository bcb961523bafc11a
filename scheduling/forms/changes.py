"""Other times for a running booking: extension, its answer, recall, earlier end."""

from django import forms
from django.utils.translation import gettext_lazy as _

from scheduling.forms.decisions import message_field
from scheduling.forms.moments import LocalMomentField, set_zone


class NewEndForm(forms.Form):
    """A new end and why."""

    new_ends_at = LocalMomentField(label=_("New end"))
    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, sharing_request, **kwargs):
        super().__init__(*args, **kwargs)
        set_zone(self, sharing_request)


class AnswerExtensionForm(forms.Form):
    """The owner's answer to an extension."""

    agree = forms.ChoiceField(
        label=_("Your answer"),
        choices=[("yes", _("Agree to the new end")), ("no", _("Keep the present end"))],
        widget=forms.RadioSelect,
    )
    answer = message_field()
