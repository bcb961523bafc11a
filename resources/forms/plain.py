"""Forms with nothing or nearly nothing to fill in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from medshare_portal.forms.choices import ManyOf
from resources.models import Offer


class NothingForm(forms.Form):
    """Only the button."""


class OwnOffersForm(forms.Form):
    """The ticked offers of an institution, or all that wait to be confirmed."""

    all = forms.BooleanField(required=False, widget=forms.HiddenInput)
    pk = ManyOf(Offer.objects.none(), required=False, label=_("Offers"))

    def __init__(self, *args, offers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pk"].queryset = offers

    def clean(self):
        values = super().clean()
        if not values.get("all") and not values.get("pk") and not self.errors:
            self.add_error("pk", _("Tick at least one offer."))
        return values
