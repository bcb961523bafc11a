"""Writing to the other side of a request, and for colleagues."""

import hashlib
from pathlib import PurePath

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from medshare_portal.downloads import UNSAFE_IN_NAMES
from medshare_portal.files import IMAGES, CheckedFile, FileRefused, check_enclosure
from scheduling.actions.conversation import Enclosure, NothingSaid, TooManyFiles
from scheduling.forms.photos import check_photo
from scheduling.models.conversation import LONGEST_TEXT, MOST_FILES

ACCEPTED = "image/*,.pdf,.xlsx,.docx,.csv,.txt"


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class EnclosuresField(forms.FileField):
    """Several files, each checked by its content; pictures are written anew, without the place
    and the camera that a phone puts into them."""

    widget = FilesInput(attrs={"accept": ACCEPTED, "multiple": True})

    def clean(self, data, initial=None):
        files = data if isinstance(data, (list, tuple)) else [data] if data else []
        if len(files) > MOST_FILES:
            raise ValidationError(TooManyFiles.message)
        return tuple(_enclosure(super(EnclosuresField, self).clean(file)) for file in files)


def _enclosure(upload) -> Enclosure:
    try:
        file = check_enclosure(upload)
    except FileRefused as refusal:
        raise ValidationError(refusal.message) from refusal
    if file.content_type in IMAGES:
        upload.seek(0)
        photo = check_photo(upload)
        content = photo.file.read()
        file = CheckedFile(content, photo.content_type, hashlib.sha256(content).hexdigest())
    return Enclosure(name=_name_of(upload.name), file=file)


def _name_of(name: str) -> str:
    """What the sender calls it, without its ending and without what could mislead."""
    stem = PurePath(UNSAFE_IN_NAMES.sub(" ", name)).stem
    return stem.strip(" .")[:100].strip() or "file"


class MessageForm(forms.Form):
    """A message with or without files, or files alone."""

    text = forms.CharField(
        label=_("Message"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("No names, numbers or findings of patients."),
    )
    files = EnclosuresField(
        label=_("Files"),
        required=False,
        help_text=_("Up to five pictures, PDF, Excel, Word, CSV or text files of 10 MB each."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="message_%s", **kwargs)

    def clean(self):
        values = super().clean()
        if not self.errors and not values.get("text") and not values.get("files"):
            self.add_error("text", NothingSaid.message)
        return values


class InviteCityForm(forms.Form):
    reason = forms.CharField(
        label=_("What the city should help with"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The other side and the officials of the city read this."),
    )


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Note"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="note_%s", **kwargs)
