"""A shift that is needed: profession, specialty, when, where.  A GET form: the address holds it."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from medshare_portal.forms.choices import ManyOf
from medshare_portal.forms.moments import EndAfterStart, MomentField, set_zone
from medshare_portal.models import Code
from resources.models import Category, Competency
from scheduling.kinds.staff.actions.invitations import Invitation
from scheduling.kinds.staff.facts import Asked
from scheduling.states import Priority

LONGEST = timedelta(hours=36)
LONGEST_BREAK = 240
SPECIALTIES = "cn-clinical-specialty"
WAYS = [("", _("any distance"))] + [(str(m), f"≤ {m} min") for m in (20, 30, 45, 60, 90)]


class ShiftAsked(EndAfterStart, forms.Form):
    """The shift itself, as the search and the invitation ask it."""

    specialty = forms.ModelChoiceField(
        label=_("Specialty"), queryset=Code.objects.none(), required=False, to_field_name="code"
    )
    starts_at = MomentField(label=_("From"))
    ends_at = MomentField(label=_("Until"))
    break_minutes = forms.IntegerField(
        label=_("Break, minutes"), min_value=0, max_value=LONGEST_BREAK, initial=60
    )
    site = forms.TypedChoiceField(label=_("Where"), empty_value=None)
    ward = forms.CharField(label=_("Ward"), max_length=80, required=False)
    competencies = ManyOf(
        label=_("Skills needed"),
        queryset=Competency.objects.none(),
        required=False,
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, sites, zone, now, **kwargs):
        super().__init__(*args, **kwargs)
        self.now = now
        codes = Code.objects.filter(system__slug=SPECIALTIES).order_by("code")
        self.fields["specialty"].queryset = codes
        self.fields["competencies"].queryset = Competency.objects.order_by("code")
        by_key = {str(site.pk): site for site in sites}
        self.fields["site"].choices = [(key, site.name) for key, site in by_key.items()]
        self.fields["site"].coerce = by_key.get
        set_zone(self, zone)

    def clean(self):
        values = super().clean()
        starts_at, ends_at = values.get("starts_at"), values.get("ends_at")
        if starts_at and ends_at and ends_at > starts_at:
            if ends_at - starts_at > LONGEST:
                self.add_error("ends_at", _("A shift lasts at most 36 hours."))
            elif timedelta(minutes=values.get("break_minutes") or 0) >= ends_at - starts_at:
                self.add_error("break_minutes", _("The break is as long as the shift."))
        return values

    def asked(self) -> Asked:
        values = self.cleaned_data
        return Asked(
            break_minutes=values["break_minutes"],
            specialty=values["specialty"],
            competencies=tuple(values["competencies"]),
            site=values["site"],
        )


class NeedForm(ShiftAsked):
    """Who can cover it?"""

    profession = forms.ModelChoiceField(
        label=_("Profession"), queryset=Category.objects.none(), to_field_name="slug"
    )
    within = forms.ChoiceField(label=_("Travel at most"), choices=WAYS, required=False)
    priority = forms.ChoiceField(
        label=_("Urgency"), choices=Priority, required=False, initial=Priority.ROUTINE
    )
    field_order = (
        "profession",
        "specialty",
        "starts_at",
        "ends_at",
        "break_minutes",
        "site",
        "ward",
        "within",
        "priority",
        "competencies",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        professions = Category.objects.filter(kind="staff", shareable=True).order_by("path")
        self.fields["profession"].queryset = professions


def first_values(now, sites) -> dict:
    """Tonight's night shift, eight to eight, at the main site."""
    start = now.replace(hour=20, minute=0, second=0, microsecond=0)
    start = start if start > now + timedelta(hours=1) else start + timedelta(days=1)
    return {
        "starts_at": start,
        "ends_at": start + timedelta(hours=12),
        "break_minutes": 60,
        "site": str(sites[0].pk) if sites else "",
    }


class Invited(ShiftAsked):
    """What an invitation says beside the shift."""

    priority = forms.ChoiceField(label=_("Urgency"), choices=Priority, initial=Priority.ROUTINE)
    purpose = forms.CharField(
        label=_("Message to the person and the home employer"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("No patient data."),
    )


class InviteForm(Invited):
    """The last page before an invitation is sent; a warning asks for its reason."""

    def __init__(self, *args, warnings=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.warned = [finding.code for finding in warnings]
        for code in self.warned:
            self.fields[f"reason_{code}"] = forms.CharField(
                label=_("%(code)s: why all the same?") % {"code": code},
                max_length=500,
                required=False,
            )

    def say_missing_reasons(self, message) -> None:
        """Beside the field of each warning that has none; only after validation."""
        for code in self.warned:
            if code not in self.accepted:
                self.add_error(f"reason_{code}", message)

    @property
    def invitation(self) -> Invitation:
        """What the action takes; only after validation."""
        values = self.cleaned_data
        return Invitation(
            starts_at=values["starts_at"],
            ends_at=values["ends_at"],
            asked=self.asked(),
            ward=values["ward"],
            priority=values["priority"],
            purpose=values["purpose"],
            accepted=self.accepted,
        )

    @property
    def accepted(self) -> dict[str, str]:
        """Code → reason of each warning that is passed."""
        reasons = {code: self.cleaned_data.get(f"reason_{code}", "") for code in self.warned}
        return {code: reason for code, reason in reasons.items() if reason.strip()}
