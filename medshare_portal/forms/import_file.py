"""The form that takes the file of an import."""

from django import forms
from django.utils.translation import gettext_lazy as _

from medshare_portal.registry_import.reading import LARGEST_FILE


class ImportForm(forms.Form):
    """``size`` is looked at before the file is read."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV (UTF-8 or GB 18030) or XLSX, at most 5 MB and 10,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(_("The file is larger than 5 MB. Split it."))
        return file
