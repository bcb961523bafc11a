"""Ordering a matching round, looking it over, and answering its proposals."""

from django import forms
from django.utils.translation import gettext_lazy as _

from medshare_portal.models import Consortium
from resources.kinds import kinds
from scheduling.actions.rounds.ordering import RoundTerms
from scheduling.forms.request import REASON, Reasons
from scheduling.models.matching_run import LONGEST_DAYS
from scheduling.round_states import RoundAim, RoundDecline, RoundScope

WHOLE = {
    RoundScope.CITY: RoundScope.CITY.label,
    RoundScope.INSTITUTION: _("Our hospital’s own needs"),
}


class RoundForm(forms.Form):
    """Whose needs, of which kinds, how far ahead, and how much fairness may cost.

    ``codes`` are the kinds that the person may match; ``whole``: the scope beside ``consortia``,
    the city or one hospital.
    """

    scope = forms.ChoiceField(
        label=_("Whose needs"),
        choices=(),
        help_text=_(
            "Of a consortium: its members’ needs, from what the members offer. Each member sees "
            "the round, and its own part once it is published."
        ),
    )
    kinds = forms.MultipleChoiceField(
        label=_("What"), choices=(), widget=forms.CheckboxSelectMultiple
    )
    days = forms.IntegerField(
        label=_("How many days ahead"), min_value=1, max_value=LONGEST_DAYS, initial=7
    )
    fairness = forms.DecimalField(
        label=_("Weight of fairness between hospitals"),
        min_value=0,
        max_value=1,
        max_digits=3,
        decimal_places=2,
        initial=1,
        widget=forms.NumberInput(attrs={"step": "0.05"}),
        help_text=_(
            "1: before the number of needs served, of which it may cost a few; 0.5: as much as "
            "that; 0: not at all. Emergencies and urgent needs always come before it."
        ),
    )
    aims = forms.MultipleChoiceField(
        label=_("What counts after that"),
        choices=RoundAim.choices,
        initial=RoundAim.values,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, codes, whole=RoundScope.INSTITUTION, consortia=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = [(code, kinds[code].label) for code in codes]
        self.whole = whole
        self.consortia = {f"consortium-{row.pk}": row for row in consortia}
        if not self.consortia and whole == RoundScope.INSTITUTION:
            del self.fields["scope"]
            return
        members = [(code, row.name) for code, row in self.consortia.items()]
        self.fields["scope"].choices = [(whole.value, WHOLE[whole]), *members]

    @property
    def consortium(self) -> Consortium | None:
        return self.consortia.get(self.cleaned_data.get("scope", ""))

    def terms(self) -> RoundTerms:
        """Only after validation."""
        values = self.cleaned_data
        return RoundTerms(
            scope=RoundScope.CONSORTIUM if self.consortium else self.whole,
            consortium=self.consortium,
            kinds=tuple(values["kinds"]),
            days=values["days"],
            fairness=values["fairness"],
            left_out=tuple(aim for aim in RoundAim if aim not in values["aims"]),
        )


class StrikeForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        help_text=_("It is not published, and not proposed again when you run this round again."),
    )


class AcceptForm(Reasons, forms.Form):
    """What the borrower adds to a proposal: where to, what for, and why a warning is passed."""

    site = forms.TypedChoiceField(label=_("Where"), choices=())
    purpose = forms.CharField(
        label=_("Why you need it"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Without names or other data of patients."),
    )
    agreement_accepted = forms.BooleanField(label=_("We accept the terms of the loan"))

    def __init__(self, *args, sites, agreement: bool, warnings=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["site"].choices = [(site.pk, str(site)) for site in sites]
        self.fields["site"].coerce = {str(site.pk): site for site in sites}.__getitem__
        if not agreement:
            del self.fields["agreement_accepted"]
        for finding in warnings:
            field = self._reason(f"{REASON}{finding.code}")
            field.label = f"{finding.code}: {field.label}"
            field.required = True


class DeclineForm(forms.Form):
    """``codes``: the reasons of the side that declines."""

    reason_code = forms.ChoiceField(label=_("Reason"), choices=(), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("Message to the other side"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args, codes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason_code"].choices = [(code, RoundDecline(code).label) for code in codes]
