"""The one page on which conditions are set and information is offered."""

from django import forms
from django.utils.translation import gettext_lazy as _

from medshare_portal import policy
from medshare_portal.forms.choices import ManyOf
from medshare_portal.models import Consortium, Institution
from resources import enums_information as enums
from resources.enums import Visibility
from resources.kinds.information.actions.conditions import Audience, Conditions
from resources.models import AccessTerms

LISTS = {
    "purposes": [
        (one.value, one.label) for one in enums.Purpose if one.value in enums.Purpose.GRANTABLE
    ],
    "recipient_roles": enums.RecipientRole.choices,
    "legal_bases": enums.LegalBasis.choices,
}
COLUMNS = (
    "max_days",
    "max_looks",
    "retention_days",
    "onward_sharing",
    "deidentification",
    "contract_needed",
    "agreement_en",
    "agreement_zh",
)


def ticks(label: str, choices) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, widget=forms.CheckboxSelectMultiple
    )


class ConditionsForm(forms.ModelForm):
    """Validates only; ``conditions`` and ``audience`` go to the action."""

    purposes = ticks(_("Purposes allowed"), LISTS["purposes"])
    recipient_roles = ticks(_("Who may open it"), LISTS["recipient_roles"])
    legal_bases = ticks(_("Legal bases accepted"), LISTS["legal_bases"])
    visibility = forms.ChoiceField(label=_("Visible to"), widget=forms.RadioSelect)
    consortia = ManyOf(
        label=_("Consortia"),
        queryset=Consortium.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    named_institutions = ManyOf(
        label=_("Named institutions"),
        queryset=Institution.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = AccessTerms
        fields = COLUMNS
        widgets = {
            "agreement_en": forms.Textarea(attrs={"rows": 5}),
            "agreement_zh": forms.Textarea(attrs={"rows": 5}),
        }

    def __init__(self, *args, institution, today, identifiability: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.personal = identifiability in enums.Identifiability.PERSONAL
        self.fields["consortia"].queryset = (
            Consortium.objects.filter(memberships__in=institution.consortium_memberships.on(today))
            .distinct()
            .order_by("slug")
        )
        self.fields["named_institutions"].queryset = (
            Institution.objects.directory().exclude(pk=institution.pk).order_by("slug")
        )
        choices = [pair for pair in Visibility.choices if pair[0] != Visibility.PRIVATE]
        if not self.fields["consortia"].queryset:
            choices = [pair for pair in choices if pair[0] != Visibility.CONSORTIUM]
        self.fields["visibility"].choices = choices

    def clean(self):
        values = super().clean()
        self._check_length(values)
        if self.personal and enums.LegalBasis.NONE_NEEDED in values.get("legal_bases", ()):
            self.add_error("legal_bases", _("Data on persons need a legal basis."))
        if not values.get("agreement_en") and not values.get("agreement_zh"):
            self.add_error("agreement_en", _("Write the agreement in at least one language."))
        chosen = values.get("visibility")
        if chosen == Visibility.CONSORTIUM and not values.get("consortia"):
            self.add_error("consortia", _("Choose at least one consortium."))
        if chosen == Visibility.NAMED and not values.get("named_institutions"):
            self.add_error("named_institutions", _("Choose at least one institution."))
        return values

    def _check_length(self, values: dict) -> None:
        """INF-05: research may last longer than anything else."""
        limits = policy.current().information
        research = enums.Purpose.RESEARCH in values.get("purposes", ())
        most = limits.max_research_days if research else limits.max_grant_days
        if values.get("max_days") and values["max_days"] > most:
            self.add_error("max_days", _("At most %(days)s days (INF-05).") % {"days": most})

    @property
    def conditions(self) -> Conditions:
        """What the action takes; only after validation."""
        values = {name: self.cleaned_data[name] for name in (*LISTS, *COLUMNS)}
        return Conditions(**values)

    @property
    def audience(self) -> Audience:
        values = self.cleaned_data
        return Audience(
            visibility=values["visibility"],
            consortia=tuple(values["consortia"]),
            named_institutions=tuple(values["named_institutions"]),
        )

    def _part(self, *names: str):
        return [self[name] for name in names]

    def parts(self):
        """(legend, bound fields) in the order of the page."""
        yield _("What for and for whom"), self._part("purposes", "recipient_roles", "legal_bases")
        yield (
            _("How much"),
            self._part("max_days", "max_looks", "retention_days"),
        )
        yield (
            _("What is done with it"),
            self._part("deidentification", "onward_sharing", "contract_needed"),
        )
        yield _("Agreement"), self._part("agreement_zh", "agreement_en")
        names = ["visibility", "named_institutions"]
        if self.fields["consortia"].queryset:
            names.insert(1, "consortia")
        yield _("Who sees it"), self._part(*names)
