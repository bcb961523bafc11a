"""What a scanner or a person puts into the field for a pack's code."""

from django import forms
from django.utils.translation import gettext_lazy as _

from resources.kinds.medicine.gs1 import LONGEST, NotGs1, Scan, read


class ScanForm(forms.Form):
    """``found`` is what the code says, after validation."""

    scan = forms.CharField(
        label=_("Code on the pack"),
        max_length=LONGEST,
        strip=True,
        help_text=_("Scan it, or paste it: GS1 code, Digital Link or GTIN."),
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
    )
    found: Scan | None = None

    def clean_scan(self) -> str:
        text = self.cleaned_data["scan"]
        try:
            self.found = read(text)
        except NotGs1 as reason:
            raise forms.ValidationError(reason.message) from reason
        return text
