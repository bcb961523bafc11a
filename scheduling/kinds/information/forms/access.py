"""Ask for access, change a returned request, decide it."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from medshare_portal import policy
from resources.enums_information import Identifiability, LegalBasis, Purpose, RecipientRole
from resources.forms.equipment import DayInput
from scheduling.kinds.information.actions.asking import AccessTermsAsked
from scheduling.states import DeclineReason, Priority

APPROVE, RETURN, DECLINE = "approve", "return", "decline"
OF_PERSONS = ("consent_ref", "consent_separate", "assessment_ref", "cohort")
LONGEST = date(2100, 1, 1)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The moment after the last one of a local day."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)


def last_day_of(moment: datetime, zone: ZoneInfo) -> date:
    """The local day that ends at, or holds, a moment."""
    return (moment.astimezone(zone) - timedelta(microseconds=1)).date()


def choices_of(choices, allowed) -> list[tuple[str, str]]:
    return [(one.value, one.label) for one in choices if one.value in allowed]


def form_values(resource, terms, zone: ZoneInfo) -> dict:
    """What the form needs to know of the information and of the conditions in force."""
    asset = resource.information
    personal = asset.identifiability in Identifiability.PERSONAL
    always = policy.current().information.contract_always and personal
    contract = terms.contract_needed or always
    return {"asset": asset, "terms": terms, "zone": zone, "contract": contract}


class AskForm(forms.Form):
    """What for, which part, until when; what may be chosen is what the conditions allow.

    Rules are asked by the action: here only that the values can be understood.
    """

    purpose_of_use = forms.ChoiceField(label=_("Purpose of use"))
    recipient_role = forms.ChoiceField(label=_("Opened by"))
    legal_basis = forms.ChoiceField(label=_("Legal basis"))
    scope = forms.MultipleChoiceField(
        label=_("Fields that you need"), required=False, widget=forms.CheckboxSelectMultiple
    )
    scope_text = forms.CharField(
        label=_("What you need of it"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One per line."),
    )
    until = forms.DateField(
        label=_("Until"), widget=DayInput, help_text=_("That day included, in the owner's time.")
    )
    looks = forms.IntegerField(label=_("Looks"), min_value=1, max_value=10_000)
    priority = forms.ChoiceField(
        label=_("Urgency"), choices=Priority.choices, initial=Priority.ROUTINE
    )
    reason = forms.CharField(
        label=_("Why you need it"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("No names of patients."),
    )
    cohort = forms.CharField(
        label=_("Cohort"),
        required=False,
        max_length=120,
        help_text=_("A pseudonym of the group or case, never a name."),
    )
    consent_ref = forms.CharField(label=_("Record of the consent"), required=False, max_length=120)
    consent_separate = forms.BooleanField(
        label=_("It is separate: given for this recipient and this purpose"), required=False
    )
    assessment_ref = forms.CharField(label=_("Impact assessment"), required=False, max_length=120)
    contract_ref = forms.CharField(label=_("Contract"), required=False, max_length=120)
    agreed = forms.BooleanField(label=_("I have read the agreement and keep to it"), required=False)
    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args, asset, terms, zone: ZoneInfo, contract: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.zone, self.terms, self.asset = zone, terms, asset
        self.fields["purpose_of_use"].choices = choices_of(Purpose, terms.purposes)
        self.fields["recipient_role"].choices = choices_of(RecipientRole, terms.recipient_roles)
        self.fields["legal_basis"].choices = choices_of(LegalBasis, terms.legal_bases)
        self.fields["scope"].choices = [(name, name) for name in asset.fields]
        for name in self._unneeded(contract):
            del self.fields[name]

    def _unneeded(self, contract: bool) -> list[str]:
        """Fields that this asset does not ask for."""
        left_out = ["scope_text" if self.asset.fields else "scope"]
        if self.asset.identifiability == Identifiability.IMPERSONAL and not self.asset.fields:
            left_out.append("scope_text")
        if self.asset.identifiability not in Identifiability.PERSONAL:
            left_out += OF_PERSONS
        if not contract:
            left_out.append("contract_ref")
        return list(dict.fromkeys(left_out))

    def clean_until(self) -> date:
        day = self.cleaned_data["until"]
        if day > LONGEST:
            raise forms.ValidationError(_("This date is too far away."))
        return day

    @property
    def asked(self) -> AccessTermsAsked:
        """What the action takes; only after validation."""
        values = self.cleaned_data
        lines = values.get("scope_text", "").splitlines()
        scope = values.get("scope") or [line.strip() for line in lines if line.strip()]
        plain = ("purpose_of_use", "legal_basis", "recipient_role", "looks", "reason", "priority")
        further = ("cohort", "consent_ref", "assessment_ref", "contract_ref")
        return AccessTermsAsked(
            **{name: values[name] for name in plain},
            **{name: values.get(name, "") for name in further},
            scope=tuple(scope),
            until=end_of(values["until"], self.zone),
            consent_separate=values.get("consent_separate", False),
            agreed=values.get("agreed", False),
        )


class DecideForm(forms.Form):
    """Approve with an end and a count, return for changes, or decline: one page, one decision."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            (APPROVE, _("Approve")),
            (RETURN, _("Return for changes")),
            (DECLINE, _("Decline")),
        ],
        widget=forms.RadioSelect,
        initial=APPROVE,
    )
    until = forms.DateField(label=_("Open until"), widget=DayInput, required=False)
    looks = forms.IntegerField(label=_("Looks"), min_value=1, max_value=10_000, required=False)
    reason_code = forms.ChoiceField(
        label=_("Reason to decline"),
        choices=[("", "–"), *DeclineReason.choices],
        required=False,
    )
    text = forms.CharField(
        label=_("Message to the other side"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("When you return it: what should change."),
    )
    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args, zone: ZoneInfo, **kwargs):
        super().__init__(*args, **kwargs)
        self.zone = zone

    def clean(self):
        values = super().clean()
        decision = values.get("decision")
        if decision == APPROVE:
            for name, message in (
                ("until", _("Say until when it is open.")),
                ("looks", _("Say how many looks you grant.")),
            ):
                if name in values and not values[name]:
                    self.add_error(name, message)
            if values.get("until") and values["until"] > LONGEST:
                self.add_error("until", _("This date is too far away."))
        if decision == DECLINE and not values.get("reason_code"):
            self.add_error("reason_code", _("Choose a reason."))
        if decision == RETURN and not values.get("text", "").strip():
            self.add_error("text", _("Say what should be changed."))
        return values

    @property
    def until_moment(self) -> datetime:
        return end_of(self.cleaned_data["until"], self.zone)
