"""Joining a line: the days in which the use may lie, how long it is, how urgent."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from medshare_portal.forms.moments import EndAfterStart, MomentField, set_zone
from scheduling.forms.find import DISTANCES
from scheduling.states import Priority


class JoinForm(EndAfterStart, forms.Form):
    """``sites`` are our own; how far away counts only for a category."""

    starts_at = MomentField(label=_("Earliest start"))
    ends_at = MomentField(label=_("Latest end"))
    hours = forms.DecimalField(
        label=_("Length, hours"),
        required=False,
        min_value=1,
        max_value=4320,
        max_digits=6,
        decimal_places=2,
        help_text=_("Empty: the whole time. A shorter use finds a place sooner."),
    )
    units = forms.IntegerField(label=_("Units"), min_value=1, max_value=10_000, initial=1)
    priority = forms.ChoiceField(label=_("Urgency"), choices=Priority, initial=Priority.ROUTINE)
    site = forms.TypedChoiceField(label=_("Needed at"), choices=())
    within = forms.TypedChoiceField(
        label=_("How far away"), choices=DISTANCES, required=False, coerce=int, empty_value=None
    )
    purpose = forms.CharField(
        label=_("Why you need it"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Without names or other data of patients."),
    )

    def __init__(self, *args, sites, zone, one_resource: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["site"].choices = [(str(site.pk), site.name) for site in sites]
        self.fields["site"].coerce = {str(site.pk): site for site in sites}.get
        if one_resource:
            del self.fields["within"]
        set_zone(self, zone)

    def wish(self) -> dict:
        """What ``waitlist.join`` wants; only after validation."""
        values = self.cleaned_data
        length = values["hours"] and timedelta(hours=float(values["hours"]))
        names = ("starts_at", "ends_at", "units", "priority", "site", "purpose")
        return {name: values[name] for name in names} | {
            "length": length or None,
            "within_km": values.get("within"),
        }
