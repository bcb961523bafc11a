"""Upload of the content; what it is and what it holds is found by the action."""

from django import forms
from django.utils.translation import gettext_lazy as _

from medshare_portal.files import EXTENSIONS


class ContentForm(forms.Form):
    title = forms.CharField(
        label=_("Title"),
        max_length=120,
        help_text=_("The file's name for those who may open it."),
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, Excel (XLSX), CSV, text or a picture, at most 10 MB."),
        widget=forms.ClearableFileInput(
            attrs={"accept": ",".join(f".{extension}" for extension in EXTENSIONS.values())}
        ),
    )
    suppress = forms.BooleanField(
        label=_("Suppress small counts"),
        required=False,
        help_text=_("Counts of people below the limit are replaced in the stored copy."),
    )

    def __init__(self, *args, counted: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not counted:
            del self.fields["suppress"]
