"""The forms of a transfer: ask, decide, sign, dispatch, receive."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from medshare_portal.models import Site
from resources.forms.equipment import DayInput
from resources.kinds.medicine.actions.ledger import MOST_PACKS
from resources.kinds.medicine.forms.offer import RECALLS_CHECKED
from resources.kinds.medicine.gs1 import LONGEST
from scheduling.kinds.medicine.actions.asking import TransferTerms
from scheduling.kinds.medicine.actions.moving import Arrival, Package
from scheduling.kinds.medicine.words import REASONS
from scheduling.states import DeclineReason, Priority

FARTHEST = timedelta(days=365)
PASSABLE = ("MED-07", "MED-08")  # the warnings that a reason may pass
APPROVE, DECLINE = "approve", "decline"
DECLINE_REASONS = [(code, REASONS.get(code, label)) for code, label in DeclineReason.choices]


def reason_field():
    return forms.CharField(
        label=_("Why all the same, where there is a warning"), required=False, max_length=500
    )


def accepted_of(form) -> dict[str, str]:
    """The reason for every warning that a reason may pass."""
    reason = form.cleaned_data["reason"].strip()
    return dict.fromkeys(PASSABLE, reason) if reason else {}


class AskForm(forms.Form):
    quantity = forms.IntegerField(label=_("Packs"), min_value=1, max_value=MOST_PACKS)
    expected_on = forms.DateField(label=_("Expected on"), widget=DayInput)
    delivery_site = forms.ModelChoiceField(label=_("Deliver to"), queryset=Site.objects.none())
    priority = forms.ChoiceField(
        label=_("Urgency"), choices=Priority.choices, initial=Priority.ROUTINE
    )
    purpose = forms.CharField(
        label=_("Why you need it"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "wide"}),
    )
    reason = reason_field()

    def __init__(self, *args, institution, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["delivery_site"].queryset = (
            Site.objects.owned_by(institution).filter(active=True).order_by("-is_main", "pk")
        )

    def clean_expected_on(self):
        day = self.cleaned_data["expected_on"]
        if day < self.today:
            raise forms.ValidationError(_("The day of arrival is past."))
        if day > self.today + FARTHEST:
            raise forms.ValidationError(_("This date is too far away."))
        return day

    @property
    def terms(self) -> TransferTerms:
        """Only after validation."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "reason"}
        return TransferTerms(**values, accepted=accepted_of(self))


class DecideForm(forms.Form):
    """Approve so many packs, or decline with a reason."""

    decision = forms.ChoiceField(
        label=_("Your decision"),
        choices=[(APPROVE, _("Approve and reserve")), (DECLINE, _("Decline"))],
        widget=forms.RadioSelect,
        initial=APPROVE,
    )
    quantity = forms.IntegerField(
        label=_("Packs"), min_value=1, max_value=MOST_PACKS, required=False
    )
    reason_code = forms.ChoiceField(
        label=_("Reason for declining"), choices=[("", "—"), *DECLINE_REASONS], required=False
    )
    text = forms.CharField(
        label=_("Message to the other side"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "wide"}),
    )
    reason = reason_field()
    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def clean(self):
        values = super().clean()
        needed = {APPROVE: "quantity", DECLINE: "reason_code"}.get(values.get("decision"))
        if needed and not values.get(needed) and needed not in self.errors:
            self.add_error(needed, _("This field is required."))
        return values


class SignForm(forms.Form):
    """A further signature."""

    text = forms.CharField(label=_("Note"), required=False, max_length=1000)


class DispatchForm(forms.Form):
    seal_no = forms.CharField(label=_("Seal number"), max_length=60)
    courier = forms.CharField(label=_("Carried by"), max_length=120)
    logger_no = forms.CharField(label=_("Temperature logger"), max_length=60, required=False)
    recalls_checked = forms.BooleanField(
        label=RECALLS_CHECKED,
        error_messages={"required": _("Look at the recall notices first, then tick this.")},
    )

    @property
    def package(self) -> Package:
        """Only after validation."""
        values = self.cleaned_data
        return Package(**{name: values[name] for name in ("seal_no", "courier", "logger_no")})


class ReceiveForm(forms.Form):
    """Counted, read and measured; either the scan or number and date say which lot it is."""

    scan = forms.CharField(
        label=_("Code on the pack"),
        max_length=LONGEST,
        required=False,
        help_text=_("Scan it, or type number and date below."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "wide"}),
    )
    lot_no = forms.CharField(label=_("Lot number"), max_length=20, required=False)
    expiry_date = forms.DateField(label=_("Usable until"), widget=DayInput, required=False)
    accepted = forms.IntegerField(label=_("Packs accepted"), min_value=0, max_value=MOST_PACKS)
    rejected = forms.IntegerField(
        label=_("Packs rejected"), min_value=0, max_value=MOST_PACKS, initial=0
    )
    lost = forms.IntegerField(label=_("Packs lost"), min_value=0, max_value=MOST_PACKS, initial=0)
    difference_reason = forms.CharField(
        label=_("Why packs were rejected or are missing"), max_length=250, required=False
    )
    coldest = forms.DecimalField(
        label=_("Coldest, °C"), max_digits=5, decimal_places=1, required=False
    )
    warmest = forms.DecimalField(
        label=_("Warmest, °C"), max_digits=5, decimal_places=1, required=False
    )
    excursion_minutes = forms.IntegerField(
        label=_("Minutes out of range"), min_value=0, max_value=100_000, required=False
    )
    temperature_record = forms.CharField(
        label=_("Temperature record"), max_length=120, required=False
    )
    COLD = ("coldest", "warmest", "excursion_minutes", "temperature_record")

    def __init__(self, *args, cold_chain, **kwargs):
        super().__init__(*args, **kwargs)
        if not cold_chain:
            for name in self.COLD:
                del self.fields[name]

    def clean(self):
        values = super().clean()
        taken_in = values.get("accepted") != 0  # of another lot everything is rejected
        if taken_in and not values.get("scan") and "scan" in values:
            for name in ("lot_no", "expiry_date"):
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, _("Scan the pack, or type this."))
        return values

    @property
    def arrival(self) -> Arrival:
        """Only after validation."""
        return Arrival(**self.cleaned_data)
