"""One line for the stock ledger, and what the pharmacy lets be done with a lot."""

from django import forms
from django.utils.translation import gettext_lazy as _

from resources.enums_medicine import MovementSort, PackState, QuarantineState
from resources.kinds.medicine.actions.ledger import MOST_PACKS, Line

BY_HAND = (
    MovementSort.RECEIVE,
    MovementSort.ISSUE,
    MovementSort.WRITE_OFF,
    MovementSort.CORRECT,
)


class MovementForm(forms.Form):
    """Received, issued, written off or corrected by hand."""

    sort = forms.ChoiceField(
        label=_("Movement"),
        choices=[(sort.value, sort.label) for sort in BY_HAND],
        widget=forms.RadioSelect,
        initial=MovementSort.RECEIVE,
    )
    quantity = forms.IntegerField(
        label=_("Packs"),
        min_value=-MOST_PACKS,
        max_value=MOST_PACKS,
        help_text=_("A correction may be negative, such as -3."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=250, required=False)
    reference = forms.CharField(label=_("Delivery note or record"), max_length=40, required=False)

    def clean(self):
        values = super().clean()
        needs = values.get("sort") in MovementSort.NEEDS_REASON
        if needs and "reason" in values and not values["reason"]:
            self.add_error("reason", _("Say why: the ledger keeps the reason."))
        return values

    @property
    def line(self) -> Line:
        """Only after validation."""
        values = self.cleaned_data
        return Line(**(values | {"sort": MovementSort(values["sort"])}))


class LotStateForm(forms.Form):
    """Release, hold back or reject a lot.  A recall holds in the whole city: its own page."""

    quarantine_state = forms.ChoiceField(
        label=_("Release"),
        choices=[
            (state.value, state.label)
            for state in QuarantineState
            if state != QuarantineState.RECALLED
        ],
        widget=forms.RadioSelect,
    )
    pack_state = forms.ChoiceField(label=_("State of the packs"), choices=PackState.choices)
    reason = forms.CharField(label=_("Reason"), max_length=250)


class RecallForm(forms.Form):
    """A notice of the maker or the authority, as it was published."""

    approval_no = forms.CharField(label=_("Approval number"), max_length=40)
    lot_no = forms.CharField(label=_("Lot number"), max_length=20)
    reference = forms.CharField(label=_("Number of the recall notice"), max_length=100)
    reason = forms.CharField(label=_("Reason"), max_length=250)
