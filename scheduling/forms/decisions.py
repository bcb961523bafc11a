"""The owner's decision, and the borrower's answer to a counter-offer."""

from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import MinValueValidator
from django.utils.translation import gettext_lazy as _

from medshare_portal.findings import Findings
from medshare_portal.forms.moments import EndAfterStart, MomentField, set_zone
from resources.enums import ResourceStatus
from resources.models import Resource
from scheduling.kinds import kinds, zone_of
from scheduling.states import CancelReason, DeclineReason, Side

APPROVE, PART, COUNTER, DECLINE = "approve", "part", "counter", "decline"
DECISIONS = [
    (APPROVE, _("Approve all")),
    (PART, _("Approve a part")),
    (COUNTER, _("Make a counter-offer")),
    (DECLINE, _("Decline")),
]
NEEDED = {
    PART: ("part_starts_at", "part_ends_at"),
    COUNTER: ("counter_starts_at", "counter_ends_at"),
    DECLINE: ("reason_code",),
}


class UnitChoice(forms.ModelChoiceField):
    """Our units, by name and asset number."""

    def label_from_instance(self, unit):
        return f"{unit.name} · {unit.code}"


def message_field(label=None):
    return forms.CharField(
        label=label or _("Message to the other side"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def reason_code_field():
    return forms.ChoiceField(
        label=_("Reason"),
        required=False,
        choices=[("", _("Choose a reason")), *DeclineReason.choices],
    )


class ReasonsForWarnings:
    """Each warning that nobody has given a reason for yet gets a field ``accepted_<code>``."""

    prefix_of_reasons = "accepted_"

    def ask_reasons(self, sharing_request, findings) -> None:
        passed = {entry["code"] for entry in sharing_request.accepted_findings}
        for finding in Findings(findings).passable:
            if finding.excepted or finding.code not in passed:
                self.fields[f"{self.prefix_of_reasons}{finding.code}"] = forms.CharField(
                    label=_("Why you pass this"), required=False, max_length=500
                )

    def offer_decline_reasons(self, kind: str) -> None:
        """In the words of the kind."""
        own = kinds[kind].reason_choices(DeclineReason)
        self.fields["reason_code"].choices = [("", _("Choose a reason")), *own]

    @property
    def accepted(self) -> dict[str, str]:
        """Code of the warning → reason, where one was given."""
        return {
            name.removeprefix(self.prefix_of_reasons): value
            for name, value in self.cleaned_data.items()
            if name.startswith(self.prefix_of_reasons) and value
        }

    def reason_fields(self) -> dict[str, forms.BoundField]:
        """Code → bound field, for the templates."""
        names = [name for name in self.fields if name.startswith(self.prefix_of_reasons)]
        return {name.removeprefix(self.prefix_of_reasons): self[name] for name in names}


class DecisionForm(ReasonsForWarnings, EndAfterStart, forms.Form):
    """One decision out of four; only the chosen card's fields are needed."""

    pairs = (("part_starts_at", "part_ends_at"), ("counter_starts_at", "counter_ends_at"))

    decision = forms.ChoiceField(label=_("Your decision"), choices=DECISIONS)
    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    part_starts_at = MomentField(label=_("From"), required=False)
    part_ends_at = MomentField(label=_("Until"), required=False)
    part_units = forms.IntegerField(label=_("Units"), required=False, min_value=1, max_value=10000)
    counter_starts_at = MomentField(label=_("From"), required=False)
    counter_ends_at = MomentField(label=_("Until"), required=False)
    counter_units = forms.IntegerField(
        label=_("Units"), required=False, min_value=1, max_value=10000
    )
    counter_resource = UnitChoice(
        label=_("Unit"), required=False, queryset=Resource.objects.none(), empty_label=None
    )
    counter_fee = forms.DecimalField(
        label=_("Cost per hour"),
        required=False,
        max_digits=10,
        decimal_places=2,
        validators=[MinValueValidator(0)],
    )
    reason_code = reason_code_field()
    text = message_field()

    def __init__(self, *args, sharing_request, findings=(), institution, **kwargs):
        super().__init__(*args, **kwargs)
        self.sharing_request = sharing_request
        self.offer_decline_reasons(sharing_request.kind)
        self.fields["counter_resource"].queryset = (
            Resource.objects.owned_by(institution)
            .filter(category=sharing_request.resource.category_id, status=ResourceStatus.LISTED)
            .order_by("code", "pk")
        )
        self.ask_reasons(sharing_request, findings)
        set_zone(self, ZoneInfo(zone_of(sharing_request)))

    def clean(self):
        values = super().clean()
        for name in NEEDED.get(values.get("decision"), ()):
            if name not in self.errors and not values.get(name):
                self.add_error(name, _("This field is required."))
        return values

    @property
    def times_names(self) -> str:
        """The controls that say what would be booked or offered, for htmx."""
        names = [name for name in self.fields if name.startswith((f"{PART}_", f"{COUNTER}_"))]
        moments = [name for name in names if name.endswith("_at")]
        return ",".join(["decision", *names, *(f"{name}_which" for name in moments)])


class MessageForm(forms.Form):
    """Accept, refuse, withdraw: a step with an optional word to the other side."""

    text = message_field()


class AcceptForm(forms.Form):
    """A step that needs nothing but the click."""


class ObjectionForm(forms.Form):
    """The owner does not agree with what the city approved in its place."""

    text = forms.CharField(
        label=_("Why you object"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class CancelForm(forms.Form):
    """A booking is called off with a coded reason; the borrower has none of the owner's."""

    reason_code = forms.ChoiceField(
        label=_("Reason"),
        choices=[row for row in CancelReason.choices if row[0] not in CancelReason.NOT_CHOSEN],
    )
    text = message_field()

    def __init__(self, *args, kind: str, side: Side, **kwargs):
        super().__init__(*args, **kwargs)
        others = CancelReason.OF_OWNER if side == Side.BORROWER else ()
        self.fields["reason_code"].choices = [
            row
            for row in kinds[kind].reason_choices(CancelReason)
            if row[0] not in (*CancelReason.NOT_CHOSEN, *others)
        ]
