"""The at-risk board's filters, and the lots that are offered from it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from medshare_portal import policy
from medshare_portal.models import Site
from resources.enums import Visibility
from resources.kinds.medicine.actions.ledger import MOST_PACKS
from resources.kinds.medicine.actions.offers import Audience
from resources.models import MedicineLot

SORTS = [("expiry", _("By expiry")), ("value", _("By value at risk"))]
USUAL_DAYS = 90


class BoardFilter(forms.Form):
    """What is shown; every field may be left out."""

    within = forms.TypedChoiceField(
        label=_("Expires within"), required=False, coerce=int, empty_value=USUAL_DAYS
    )
    cold = forms.BooleanField(label=_("Cold chain"), required=False)
    unused = forms.BooleanField(label=_("Without known use"), required=False)
    site = forms.ModelChoiceField(
        label=_("Site"), queryset=Site.objects.none(), required=False, empty_label=_("All sites")
    )
    sort = forms.ChoiceField(label=_("Order"), choices=SORTS, required=False)
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000)

    def __init__(self, *args, institution, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["within"].choices = [
            (days, _("%(days)s days") % {"days": days})
            for days in policy.current().medicine.board_days
        ]
        self.fields["site"].queryset = (
            Site.objects.owned_by(institution).filter(active=True).order_by("-is_main", "pk")
        )


class OfferLotsForm(forms.Form):
    """The ticked lots with their packs.  ``row_errors`` says what is wrong beside which lot."""

    visibility = forms.ChoiceField(label=_("Offer to"), required=False)
    recalls_checked = forms.BooleanField(
        label=_("I looked at the recall notices of the authority today"),
        error_messages={"required": _("Look at the recall notices first, then tick this.")},
    )

    def __init__(self, *args, institution, consortia, **kwargs):
        super().__init__(*args, **kwargs)
        self.institution, self.consortia = institution, tuple(consortia)
        self.row_errors: dict[int, list[str]] = {}
        choices = [(Visibility.ALL, Visibility.ALL.label)]
        if self.consortia:
            choices.append((Visibility.CONSORTIUM, Visibility.CONSORTIUM.label))
        self.fields["visibility"].choices = choices

    def clean(self):
        values = super().clean()
        picked = self.data.getlist("pick") if hasattr(self.data, "getlist") else []
        keys = {int(text) for text in picked if text.isascii() and text.isdigit()}
        lots = MedicineLot.objects.owned_by(self.institution).filter(
            pk__in=[key for key in keys if key < 2**63]
        )
        found = list(lots.select_related("institution"))
        if len(found) != len(set(picked)):
            self.add_error(None, _("A ticked lot is not on this board any more. Look again."))
        elif not found:
            self.add_error(None, _("Tick at least one lot."))
        self.lines = [(lot, self._packs_of(lot)) for lot in found]
        if self.row_errors:
            self.add_error(None, _("Correct the quantities that are marked."))
        return values

    def _packs_of(self, lot: MedicineLot) -> int:
        text = self.data.get(f"quantity-{lot.pk}", "").strip()
        if text.isascii() and text.isdigit() and 0 < int(text[:9]) <= MOST_PACKS and len(text) < 9:
            return int(text)
        message = _("Enter a whole number of packs, from 1 to a million.")
        self.row_errors[lot.pk] = [str(message)]
        return 0

    @property
    def audience(self) -> Audience:
        """Only after validation."""
        chosen = self.cleaned_data["visibility"] or Visibility.ALL
        limited = chosen == Visibility.CONSORTIUM
        return Audience(visibility=chosen, consortia=self.consortia if limited else ())
