"""What is recorded at either end of a loan and at the owner's check."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from medshare_portal.findings import Findings
from scheduling.actions.handovers import HandoverRecord
from scheduling.forms.photos import check_photo
from scheduling.states import Stage

MOST_PHOTOS = 8
LONGEST_CAPTION = 200
CHECK, ACCEPTED = "check_", "accepted_"


class PhotosInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several photos; each is checked by its content."""

    widget = PhotosInput(attrs={"accept": "image/*", "capture": "environment", "multiple": True})

    def clean(self, data, initial=None):
        files = data if isinstance(data, (list, tuple)) else [data] if data else []
        if len(files) > MOST_PHOTOS:
            raise ValidationError(_("At most %(n)s photos at once.") % {"n": MOST_PHOTOS})
        return tuple(check_photo(super(PhotosField, self).clean(file)) for file in files)


class HandoverForm(forms.Form):
    """One stage.  Fields for the checklist are added per kind; a kind may add its own."""

    photos = PhotosField(label=_("Photos"), required=False)
    captions = forms.CharField(
        label=_("What the photos show"),
        required=False,
        strip=False,  # an empty first line says nothing of the first photo
        max_length=MOST_PHOTOS * (LONGEST_CAPTION + 2),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("A line for each photo, in their order, such as “scratch on the left side”."),
    )
    condition_note = forms.CharField(
        label=_("Condition, remarks"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    receiver_name = forms.CharField(
        label=_("Signed on the spot by"),
        required=False,
        max_length=100,
        help_text=_(
            "Name of the person who takes it. Leave empty when they confirm receipt themselves."
        ),
    )
    problem = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, stage: Stage, items, sharing_request, **kwargs):
        super().__init__(*args, **kwargs)
        self.stage, self.items, self.sharing_request = stage, items, sharing_request
        for code, label in items:
            self.fields[CHECK + code] = forms.BooleanField(label=label, required=False)
        for name in self.data:
            if name.startswith(ACCEPTED):
                self.ask_reason(name.removeprefix(ACCEPTED))
        if stage == Stage.POST_CHECK:
            del self.fields["receiver_name"]

    def ask_reason(self, code: str) -> None:
        """A field for the reason by which a warning is passed."""
        self.fields[ACCEPTED + code] = forms.CharField(
            label=_("Why you pass this"), required=False, max_length=500
        )

    def ask_reasons(self, findings) -> None:
        for finding in Findings(findings).warnings:
            self.ask_reason(finding.code)

    def clean(self):
        values = super().clean()
        if values.get("problem") and not values.get("condition_note", "").strip():
            self.add_error("condition_note", _("Say what the problem is."))
        self._check_captions(values)
        return values

    def _check_captions(self, values: dict) -> None:
        lines = _lines(values.get("captions", ""))
        if "photos" in values and len(lines) > len(values["photos"]):
            words = _("There are more lines than photos: write one line for each.")
            self.add_error("captions", words)
        elif any(len(line) > LONGEST_CAPTION for line in lines):
            words = _("A line has at most %(n)s characters.") % {"n": LONGEST_CAPTION}
            self.add_error("captions", words)

    def those(self, prefix: str) -> dict:
        """Values of the fields with this prefix, by what follows it."""
        return {
            name.removeprefix(prefix): value
            for name, value in self.cleaned_data.items()
            if name.startswith(prefix)
        }

    def record(self, **own) -> HandoverRecord:
        """What the action stores; ``own`` is what the kind's form adds."""
        values = self.cleaned_data
        return HandoverRecord(
            checklist=self.those(CHECK),
            condition_note=values["condition_note"],
            problem=values["problem"],
            receiver_name=values.get("receiver_name", ""),
            photos=values["photos"],
            captions=_lines(values["captions"]),
            accepted={code: value for code, value in self.those(ACCEPTED).items() if value},
            **own,
        )

    def check_rows(self) -> list[forms.BoundField]:
        return [self[CHECK + code] for code, _label in self.items]

    def reason_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(ACCEPTED)]


def _lines(text: str) -> tuple[str, ...]:
    """What is written of each photo; a line left empty says nothing of its own."""
    return tuple(line.strip() for line in text.rstrip().splitlines())


class ReceiptForm(forms.Form):
    """The other side has the device, with or without a problem."""

    note = forms.CharField(
        label=_("Condition, remarks"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    problem = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def clean(self):
        values = super().clean()
        if values.get("problem") and not values.get("note", "").strip():
            self.add_error("note", _("Say what the problem is."))
        return values
