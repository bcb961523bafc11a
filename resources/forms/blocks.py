"""Own use and maintenance: one time, or a calendar file."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.core import signing
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from medshare_portal.forms.moments import EndAfterStart, MomentField, set_zone
from resources.calendar_changes import Changes, Kept
from resources.enums import BlockReason
from resources.ics import MAX_BYTES, Reading, Unreadable, read

LONGEST = timedelta(days=366)
SALT = "resources.calendar-import"
VALID_FOR = timedelta(hours=2)


class BlockForm(EndAfterStart, forms.Form):
    """One kept time in the site's clock."""

    reason = forms.ChoiceField(label=_("Reason"), choices=BlockReason.choices)
    starts_at = MomentField(label=_("From"))
    ends_at = MomentField(label=_("Until"))
    note = forms.CharField(
        label=_("Note"),
        max_length=200,
        required=False,
        help_text=_("Only your institution reads it."),
    )

    def __init__(self, *args, zone: ZoneInfo, **kwargs):
        super().__init__(*args, **kwargs)
        set_zone(self, zone)

    def clean(self):
        values = super().clean()
        starts_at, ends_at = values.get("starts_at"), values.get("ends_at")
        if starts_at and ends_at and ends_at - starts_at > LONGEST:
            self.add_error("ends_at", _("At most a year at a time."))
        return values


class CalendarFileForm(forms.Form):
    """A calendar file; ``reading`` is what it says."""

    reason = forms.ChoiceField(
        label=_("Reason"), choices=BlockReason.choices, initial=BlockReason.OWN_USE
    )
    file = forms.FileField(
        label=_("Calendar file (.ics)"),
        max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": ".ics,text/calendar"}),
        help_text=_(
            "At most 1 MB and 2,000 events. Nothing is saved before you have seen the list."
        ),
    )

    def __init__(self, *args, zone: ZoneInfo, now, **kwargs):
        super().__init__(*args, **kwargs)
        self.zone, self.now = zone, now
        self.reading: Reading | None = None

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 1 MB."))
        try:
            self.reading = read(file.read(), zone=self.zone, now=self.now)
        except Unreadable as problem:
            raise forms.ValidationError(str(problem)) from problem
        return file


class ConfirmImportForm(forms.Form):
    """The entries that were shown, signed, so that what is written is what was seen."""

    reason = forms.ChoiceField(choices=BlockReason.choices, widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=2_000_000, strip=False)

    def __init__(self, *args, resource_id: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.salt = f"{SALT}.{resource_id}"

    def clean_seen(self):
        try:
            rows = signing.loads(self.cleaned_data["seen"], salt=self.salt, max_age=VALID_FOR)
        except signing.BadSignature as problem:
            raise forms.ValidationError(
                _("The list is out of date. Choose the file again.")
            ) from problem
        entries = [_entry(*row) for row in rows["entries"]]
        return rows | {"entries": entries, "named": _named(rows["named"])}


def _entry(first: str, last: str, note: str, uid: str, occurrence: str) -> Kept:
    moments = [parse_datetime(text) for text in (first, last)]
    return Kept(*moments, note, uid, parse_datetime(occurrence) if occurrence else None)


def _named(rows: dict) -> dict:
    return {
        uid: None if starts is None else frozenset(map(parse_datetime, starts))
        for uid, starts in rows.items()
    }


def sign(reading: Reading, changes: Changes, resource_id: int) -> str:
    """What was shown as a text that only we can have made, for this resource."""
    entries = [
        (
            entry.starts_at.isoformat(),
            entry.ends_at.isoformat(),
            entry.note,
            entry.uid,
            entry.occurrence.isoformat() if entry.occurrence else "",
        )
        for entry in reading.entries
    ]
    shown = {
        "entries": entries,
        "named": {
            uid: None if starts is None else sorted(start.isoformat() for start in starts)
            for uid, starts in reading.named.items()
        },
        "going": [block.pk for block in changes.going],
    }
    return signing.dumps(shown, salt=f"{SALT}.{resource_id}", compress=True)
