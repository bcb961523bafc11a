"""What is done with a series that was sent: decide its dates, other hours, call off."""

from collections.abc import Iterable, Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from medshare_portal.findings import Finding
from resources.enums import Weekday
from resources.forms.windows import ClockField
from scheduling.forms.batches import ticks
from scheduling.forms.decisions import CancelForm, message_field
from scheduling.forms.request import REASON
from scheduling.kinds import kinds
from scheduling.recurrence import Hours
from scheduling.states import DeclineReason

STAY, DECLINE = "leave", "decline"
THIS, FOLLOWING, EVERY = "this", "following", "all"


class AnswerDatesForm(forms.Form):
    """The ticked dates are approved; the others wait, or are declined with a reason."""

    pk = forms.TypedMultipleChoiceField(
        label=_("Dates to approve"),
        coerce=int,
        required=False,
        error_messages={"invalid_choice": _("A ticked date no longer waits for a decision.")},
    )
    rest = forms.ChoiceField(
        label=_("The others"),
        choices=[(STAY, _("go on waiting")), (DECLINE, _("are declined"))],
        initial=STAY,
        widget=forms.RadioSelect,
    )
    reason_code = forms.ChoiceField(
        label=_("Reason"),
        required=False,
        choices=[("", _("Choose a reason")), *DeclineReason.choices],
    )
    text = message_field()

    def __init__(
        self, *args, waiting: list[int], warned: Mapping[int, list[Finding]], kind: str, **kwargs
    ):
        super().__init__(*args, **kwargs)
        self.waiting, self.warned = waiting, warned
        self.fields["pk"].choices = [(number, number) for number in waiting]
        own = kinds[kind].reason_choices(DeclineReason)
        self.fields["reason_code"].choices = [("", _("Choose a reason")), *own]
        for finding in {one.code: one for found in warned.values() for one in found}.values():
            self.fields[REASON + finding.code] = forms.CharField(
                label=_("%(code)s: why all the same?") % {"code": finding.code},
                help_text=finding.text,
                max_length=500,
                required=False,
            )

    @property
    def reasons(self) -> list[forms.BoundField]:
        """A field for each warning that somebody must pass with a reason."""
        return [self[name] for name in self.fields if name.startswith(REASON)]

    def clean(self):
        values = super().clean()
        declines = values.get("rest") == DECLINE
        if declines and not values.get("reason_code") and "reason_code" not in self.errors:
            self.add_error("reason_code", _("Say why the others are declined."))
        if not declines and not values.get("pk") and "pk" not in self.errors:
            self.add_error("pk", _("Tick at least one date, or decline the others."))
        for code in sorted({one.code for pk in self.ticked() for one in self.warned.get(pk, ())}):
            if not values.get(REASON + code, "").strip():
                self.add_error(REASON + code, _("A ticked date has this warning: say why."))
        return values

    def declined(self) -> set[int]:
        """The dates that are declined; only after validation."""
        if self.cleaned_data["rest"] != DECLINE:
            return set()
        return set(self.versions()) & set(self.waiting) - set(self.cleaned_data["pk"])

    def ticked(self) -> set[int]:
        """The boxes as they were sent, right or wrong."""
        return set(ticks(self.data.getlist("pk")))

    def versions(self) -> dict[int, int]:
        """Key → version of the dates that the page showed: none other is declined, and none that
        has changed since is approved."""
        return {pk: at for pk, at in ticks(self.data.getlist("seen")).items() if at is not None}

    def accepted(self) -> dict[str, str]:
        """Code → reason of the warnings that are passed."""
        return {
            name.removeprefix(REASON): value
            for name, value in self.cleaned_data.items()
            if name.startswith(REASON) and value
        }


class HoursForm(forms.Form):
    """Other hours, on the same days or on another weekday of their weeks, on the wall of the
    resource's site."""

    scope = forms.ChoiceField(
        label=_("Which dates"),
        choices=[(THIS, _("Only this date")), (FOLLOWING, _("This and all later dates"))],
        initial=FOLLOWING,
        widget=forms.RadioSelect,
    )
    starts = ClockField(label=_("From"))
    ends = ClockField(label=_("Until"))
    days_later = forms.IntegerField(
        label=_("Ends so many days later"), min_value=0, max_value=30, initial=0
    )
    weekday = forms.TypedChoiceField(
        label=_("Weekday"),
        choices=[("", _("as it is")), *Weekday.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    text = message_field()

    def clean(self):
        values = super().clean()
        starts, ends = values.get("starts"), values.get("ends")
        if starts and ends and ends <= starts and values.get("days_later") == 0:
            self.add_error("ends", _("End must be after start."))
        return values

    def hours(self) -> Hours:
        """Only after validation."""
        names = ("starts", "ends", "days_later")
        return Hours(**{name: self.cleaned_data[name] for name in names})

    def ask_reasons(self, warned: Iterable[Finding], *, sent: bool) -> None:
        """A field for each new warning; of a form that is ``sent`` each needs its reason."""
        for finding in warned:
            name = REASON + finding.code
            self.fields[name] = forms.CharField(
                label=_("%(code)s: why all the same?") % {"code": finding.code},
                help_text=finding.text,
                max_length=500,
                required=False,
            )
            value = str(self.data.get(name, "")).strip()[:500]
            self.cleaned_data[name] = value
            if sent and not value:
                self.add_error(name, _("Give a reason for each warning that you want to pass."))

    def accepted(self) -> dict[str, str]:
        """Code → reason of the warnings that are passed."""
        return {
            name.removeprefix(REASON): value
            for name, value in self.cleaned_data.items()
            if name.startswith(REASON) and value
        }


class CallOffForm(CancelForm):
    """Which dates are no longer needed, and why."""

    scope = forms.ChoiceField(
        label=_("Which dates"),
        choices=[
            (THIS, _("Only this date")),
            (FOLLOWING, _("This and all later dates")),
            (EVERY, _("All dates that are still to come")),
        ],
        initial=THIS,
        widget=forms.RadioSelect,
    )
    field_order = ("scope", "reason_code", "text")


class RecallForm(CancelForm):
    """Why the owner calls a series off."""

    OWNERS = ("own_need", "defect", "recalled", "other")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["reason_code"]
        field.choices = [row for row in field.choices if row[0] in self.OWNERS]
