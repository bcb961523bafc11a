"""Narrowing the proposals of a round."""

from django import forms
from django.utils.translation import gettext_lazy as _

from resources.kinds import kinds
from scheduling.queries.rounds.lines import PINNED
from scheduling.round_states import ProposalState


class LinesFilter(forms.Form):
    """``hospitals``: those of the round.  ``show``, a state, is chosen by the links above."""

    hospital = forms.TypedChoiceField(
        label=_("Hospital"), required=False, coerce=int, empty_value=None
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    show = forms.ChoiceField(
        required=False,
        choices=[("", ""), (PINNED, _("Pinned")), *ProposalState.choices],
        widget=forms.HiddenInput,
    )

    def __init__(self, *args, hospitals, codes, **kwargs):
        super().__init__(*args, **kwargs)
        names = [(row.pk, row.name) for row in hospitals]
        self.fields["hospital"].choices = [("", _("Any hospital")), *names]
        labels = [(code, kinds[code].label) for code in codes]
        self.fields["kind"].choices = [("", _("Any kind")), *labels]

    def values(self) -> dict:
        """What was chosen; what cannot be chosen narrows nothing and has its error."""
        self.is_valid()
        chosen = {"hospital": None, "kind": "", "show": ""}
        return chosen | self.cleaned_data
