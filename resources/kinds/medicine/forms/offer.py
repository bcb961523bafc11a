"""How many packs of a lot are offered, and to whom."""

from django import forms
from django.utils.translation import gettext_lazy as _

from resources.enums import Visibility
from resources.kinds.medicine.actions.ledger import MOST_PACKS
from resources.kinds.medicine.actions.offers import Audience

RECALLS_CHECKED = _("I looked at the recall notices of the authority today")


class LotOfferForm(forms.Form):
    quantity = forms.IntegerField(label=_("Packs to offer"), min_value=1, max_value=MOST_PACKS)
    visibility = forms.ChoiceField(label=_("Offer to"), initial=Visibility.ALL)
    recalls_checked = forms.BooleanField(
        label=RECALLS_CHECKED,
        error_messages={"required": _("Look at the recall notices first, then tick this.")},
    )

    def __init__(self, *args, lot, consortia, **kwargs):
        super().__init__(*args, **kwargs)
        self.consortia = tuple(consortia)
        choices = [(Visibility.ALL, Visibility.ALL.label)]
        if self.consortia:
            choices.append((Visibility.CONSORTIUM, Visibility.CONSORTIUM.label))
        self.fields["visibility"].choices = choices
        self.fields["quantity"].help_text = _("%(free)s packs are free.") % {"free": lot.free}

    @property
    def audience(self) -> Audience:
        """Only after validation."""
        chosen = self.cleaned_data["visibility"]
        limited = chosen == Visibility.CONSORTIUM
        return Audience(visibility=chosen, consortia=self.consortia if limited else ())
