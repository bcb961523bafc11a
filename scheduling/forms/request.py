"""The request itself: one column, everything that the owner needs to know."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from medshare_portal.forms.moments import EndAfterStart, MomentField, set_zone
from resources.enums import ShareMode
from resources.limits import longest_loan
from scheduling.actions.requests import RequestTerms
from scheduling.forms.find import too_long
from scheduling.states import Priority, Transport

REASON = "accepted_"
REASON_NAME = re.compile(REASON + r"[A-Z]+-\d+")


class Reasons:
    """Fields for the reasons by which warnings are passed, for a form that has ``accepted_…``."""

    def read_reasons(self) -> None:
        """A field for each reason that came with the form."""
        for name in filter(REASON_NAME.fullmatch, self.data):
            self._reason(name)

    def ask_reasons(self, warnings) -> None:
        """A field for each warning; one that came without its reason is an error."""
        for finding in warnings:
            field = self._reason(REASON + finding.code)
            field.required = field.widget.is_required = True
            if self.is_bound and not self.cleaned_data.get(REASON + finding.code):
                self.add_error(REASON + finding.code, field.error_messages["required"])

    def _reason(self, name: str) -> forms.CharField:
        """The field of one reason; without it the form is whole, until the action asks for it."""
        label = _("Reason to ask all the same")
        return self.fields.setdefault(
            name, forms.CharField(label=label, max_length=500, required=False)
        )

    def accepted(self) -> dict[str, str]:
        """Code → reason of the warnings that were passed."""
        return {
            name.removeprefix(REASON): value
            for name, value in self.cleaned_data.items()
            if name.startswith(REASON) and value
        }


class RequestForm(Reasons, EndAfterStart, forms.Form):
    """A form that is sent reads the reasons that came with it; the action says which it needs.

    ``ask_reasons`` gives each warning that needs a reason a field of its own.  ``sites`` are those
    that may be delivered to, ``modes`` those in which the resource is shared.
    """

    starts_at = MomentField(label=_("From"))
    ends_at = MomentField(label=_("Until"))
    units = forms.IntegerField(label=_("Units"), min_value=1, max_value=10_000)
    priority = forms.ChoiceField(label=_("Urgency"), choices=Priority)
    mode = forms.ChoiceField(label=_("How it is shared"), choices=())
    purpose = forms.CharField(
        label=_("Why you need it"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Without names or other data of patients."),
    )
    delivery_site = forms.TypedChoiceField(label=_("Deliver to"), choices=())
    delivery_place = forms.CharField(label=_("Ward or room"), max_length=80, required=False)
    transport = forms.ChoiceField(label=_("Moved by"), choices=Transport)
    agreement_accepted = forms.BooleanField(
        label=_("We accept the terms of the loan"), required=False
    )
    hold = forms.IntegerField(
        required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput
    )

    def __init__(self, *args, sites, modes, zone, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["delivery_site"].choices = [(site.pk, str(site)) for site in sites]
        self.fields["delivery_site"].coerce = {str(site.pk): site for site in sites}.__getitem__
        self.fields["mode"].choices = [(mode.value, mode.label) for mode in modes]
        set_zone(self, zone)
        self.read_reasons()

    def clean(self):
        values = super().clean()
        starts_at, ends_at = values.get("starts_at"), values.get("ends_at")
        if starts_at and ends_at and ends_at - starts_at > longest_loan():
            self.add_error("ends_at", too_long())
        if values.get("mode") == ShareMode.LOAN and not values.get("agreement_accepted"):
            self.add_error("agreement_accepted", _("A loan needs the accepted terms."))
        return values

    def terms(self) -> RequestTerms:
        """What the action wants; only after validation."""
        names = (
            "starts_at",
            "ends_at",
            "units",
            "mode",
            "priority",
            "purpose",
            "delivery_site",
            "delivery_place",
            "agreement_accepted",
        )
        values = {name: self.cleaned_data[name] for name in names}
        moves = values["mode"] == ShareMode.LOAN
        transport = self.cleaned_data["transport"] if moves else Transport.NONE
        return RequestTerms(**values, transport=transport, accepted=self.accepted())


class HoldForm(EndAfterStart, forms.Form):
    """What a hold needs: the times and the number of units."""

    starts_at = MomentField(label=_("From"))
    ends_at = MomentField(label=_("Until"))
    units = forms.IntegerField(label=_("Units"), min_value=1, max_value=10_000)
    mode = forms.CharField(required=False, max_length=8)

    def __init__(self, *args, zone, **kwargs):
        super().__init__(*args, **kwargs)
        set_zone(self, zone)
