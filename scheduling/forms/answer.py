"""What the page behind the link of an e-mail asks: yes or no, and for a no why."""

from django import forms
from django.utils.translation import gettext_lazy as _

from scheduling.forms.decisions import ReasonsForWarnings, message_field, reason_code_field

YES, NO = "yes", "no"


class YesOrNo(forms.Form):
    """The borrower's answer to a counter-offer."""

    answer = forms.ChoiceField(label=_("Your decision"), choices=[(YES, _("Yes")), (NO, _("No"))])
    text = message_field()

    def __init__(self, *args, task, **kwargs):
        super().__init__(*args, **kwargs)


class ApproveOrDecline(ReasonsForWarnings, YesOrNo):
    """The owner's: a yes asks for the reason of each warning, a no for its own."""

    reason_code = reason_code_field()

    def __init__(self, *args, task, **kwargs):
        super().__init__(*args, task=task, **kwargs)
        self.offer_decline_reasons(task.request.kind)
        self.ask_reasons(task.request, task.findings)

    def clean(self):
        values = super().clean()
        unsaid = not values.get("reason_code") and "reason_code" not in self.errors
        if values.get("answer") == NO and unsaid:
            self.add_error("reason_code", _("This field is required."))
        return values
