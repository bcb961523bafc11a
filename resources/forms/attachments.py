"""Upload of a photo, manual or certificate."""

from django import forms
from django.utils.translation import gettext_lazy as _

from resources.enums import AttachmentPurpose


class AttachmentForm(forms.Form):
    """The file's type and size are checked by content, in the view's one call."""

    purpose = forms.ChoiceField(label=_("Purpose"), choices=AttachmentPurpose.choices)
    title = forms.CharField(label=_("Title"), max_length=120)
    file = forms.FileField(
        label=_("File"),
        help_text=_("JPEG, PNG, WebP or PDF, at most 10 MB."),
        widget=forms.ClearableFileInput(
            attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf"}
        ),
    )


class RemoveForm(forms.Form):
    """Only asks; nothing to fill in."""
