"""What is wrong with a line, and the answers to it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from scheduling.costs import Unit

MOST_TEXT = 1000
MOST_OF_A_LINE = 1_000_000  # hours, packs or shifts; and the price of one


def text_field(label, *, required: bool) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=MOST_TEXT,
        required=required,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DisputeForm(forms.Form):
    """The right figures, beginning with those of the line; what is counted is a whole number."""

    quantity = forms.DecimalField(
        label=_("Right quantity"), min_value=0, max_value=MOST_OF_A_LINE, decimal_places=2
    )
    price = forms.DecimalField(
        label=_("Right price"), min_value=0, max_value=MOST_OF_A_LINE, decimal_places=2
    )
    reason = text_field(_("Reason"), required=True)

    def __init__(self, *args, line, currency, **kwargs):
        super().__init__(*args, **kwargs)
        self.whole = line.unit in Unit.WHOLE
        self.fields["quantity"].help_text = line.get_unit_display()
        self.fields["price"].help_text = currency

    def clean_quantity(self):
        quantity = self.cleaned_data["quantity"]
        if self.whole and quantity != int(quantity):
            raise forms.ValidationError(_("Enter a whole number."), code="whole")
        return quantity


class AnswerForm(forms.Form):
    """Agree, or say why the line stays."""

    agree = forms.ChoiceField(
        label=_("Your answer"),
        choices=[("yes", _("Agree: the adjustment is entered")), ("no", _("The line stays"))],
        widget=forms.RadioSelect,
    )
    text = text_field(_("Message"), required=False)

    def clean(self):
        values = super().clean()
        if values.get("agree") == "no" and not values.get("text"):
            self.add_error("text", forms.ValidationError(_("Say why the line stays."), code="why"))
        return values


class DecisionForm(forms.Form):
    """The city's word, with its reason."""

    uphold = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            ("yes", _("As the dispute says: the adjustment is entered")),
            ("no", _("The line stays")),
        ],
        widget=forms.RadioSelect,
    )
    text = text_field(_("Reason"), required=True)
