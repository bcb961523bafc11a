"""One shift, a roster file, a calendar file, and the list that was shown, signed."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.core import signing
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from medshare_portal.forms.moments import EndAfterStart, MomentField, set_zone
from medshare_portal.registry_import import reading
from resources.enums_staff import Employer
from resources.ics import MAX_BYTES, Reading, Unreadable, read
from resources.kinds.staff.shift_lines import Line

LONGEST = timedelta(hours=36)
LONGEST_BREAK = 240
SALT = "resources.shift-import"
VALID_FOR = timedelta(hours=2)
COLUMNS = ["badge", "start", "end", "break", "employer"]


def check_length(form, values: dict, first: str, last: str, pause: str) -> None:
    """A shift lasts at most a day and a half, and its break is shorter than it."""
    starts_at, ends_at = values.get(first), values.get(last)
    if not starts_at or not ends_at or ends_at <= starts_at:
        return
    if ends_at - starts_at > LONGEST:
        form.add_error(last, _("A shift lasts at most 36 hours."))
    elif timedelta(minutes=values.get(pause) or 0) >= ends_at - starts_at:
        form.add_error(pause, _("The break is as long as the shift."))


class ShiftForm(EndAfterStart, forms.Form):
    """One shift in the site's clock."""

    employer = forms.ChoiceField(label=_("Worked for"), choices=Employer.choices)
    starts_at = MomentField(label=_("From"))
    ends_at = MomentField(label=_("Until"))
    break_minutes = forms.IntegerField(
        label=_("Break, minutes"), min_value=0, max_value=LONGEST_BREAK, initial=0
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=120,
        required=False,
        help_text=_("Only your institution reads it."),
    )

    def __init__(self, *args, zone: ZoneInfo, **kwargs):
        super().__init__(*args, **kwargs)
        set_zone(self, zone)

    def clean(self):
        values = super().clean()
        check_length(self, values, "starts_at", "ends_at", "break_minutes")
        return values


class ShiftRow(EndAfterStart, forms.Form):
    """One line of a roster; the badge says whose site's clock is meant."""

    pairs = (("start", "end"),)
    badge = forms.CharField(label=_("Badge number"), max_length=50)
    start = MomentField(label=_("From"))
    end = MomentField(label=_("Until"))
    employer = forms.ChoiceField(label=_("Worked for"), choices=Employer.choices, required=False)

    def __init__(self, cells: dict[str, str], *, people: dict):
        super().__init__({name: text for name, text in cells.items() if name != "break"})
        self.fields["break"] = forms.IntegerField(
            label=_("Break, minutes"), min_value=0, max_value=LONGEST_BREAK, required=False
        )
        self.data = self.data | {"break": cells.get("break", "")}
        self.person = people.get(cells.get("badge", ""))
        if self.person is not None:
            set_zone(self, ZoneInfo(self.person.site.time_zone))

    def clean_badge(self):
        if self.person is None:
            raise forms.ValidationError(_("Nobody of ours has this badge."))
        return self.cleaned_data["badge"]

    def clean(self):
        values = super().clean()
        check_length(self, values, "start", "end", "break")
        return values

    def line(self) -> Line:
        values = self.cleaned_data
        return Line(
            resource=self.person.pk,
            starts_at=values["start"],
            ends_at=values["end"],
            break_minutes=values["break"] or 0,
            employer=values["employer"] or Employer.HOME.value,
        )


class RosterFileForm(forms.Form):
    """A roster of many people; ``sheet`` is what the file holds."""

    file = forms.FileField(
        label=_("Roster (CSV or XLSX)"),
        max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"}),
        help_text=_(
            "Columns badge, start, end, and perhaps break (minutes) and employer (home or other). "
            "Nothing is saved before you have seen the list."
        ),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > reading.LARGEST_FILE:
            raise forms.ValidationError(_("The file is larger than 5 MB. Split it."))
        try:
            self.sheet = reading.read(file.read(), COLUMNS, COLUMNS[:3])
        except reading.Unreadable as problem:
            raise forms.ValidationError(problem.message) from problem
        return file


class ShiftCalendarForm(forms.Form):
    """One person's calendar; only its times are taken."""

    employer = forms.ChoiceField(label=_("Worked for"), choices=Employer.choices)
    file = forms.FileField(
        label=_("Calendar file (.ics)"),
        max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": ".ics,text/calendar"}),
        help_text=_("Only the times are taken. Nothing is saved before you have seen the list."),
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


class ConfirmShiftsForm(forms.Form):
    """The shifts that were shown, signed, so that what is written is what was seen."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=4_000_000, strip=False)

    def __init__(self, *args, institution, **kwargs):
        super().__init__(*args, **kwargs)
        self.salt = f"{SALT}.{institution.pk}"

    def clean_seen(self):
        try:
            shown = signing.loads(self.cleaned_data["seen"], salt=self.salt, max_age=VALID_FOR)
        except signing.BadSignature as problem:
            raise forms.ValidationError(
                _("The list is out of date. Choose the file again.")
            ) from problem
        return {"lines": [_line(*row) for row in shown["lines"]], "going": shown["going"]}


def _line(resource, starts_at, ends_at, *rest) -> Line:
    *rest, occurrence = rest
    when = (parse_datetime(starts_at), parse_datetime(ends_at))
    occurrence = parse_datetime(occurrence) if occurrence else None
    return Line(resource, *when, *rest, occurrence=occurrence)


def sign(lines: list[Line], going: list[int], institution) -> str:
    """What was shown as a text that only we can have made, for this institution."""
    rows = [
        (
            line.resource,
            line.starts_at.isoformat(),
            line.ends_at.isoformat(),
            line.break_minutes,
            line.employer,
            line.note,
            line.uid,
            line.occurrence.isoformat() if line.occurrence else None,
        )
        for line in lines
    ]
    shown = {"lines": rows, "going": going}
    return signing.dumps(shown, salt=f"{SALT}.{institution.pk}", compress=True)
