"""What is done with a series that was sent: decide its dates, other hours, call off."""

from django import forms
from django.utils.translation import gettext_lazy as _

from resources.forms.windows import ClockField
from scheduling.forms.decisions import CancelForm, message_field
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

    def __init__(self, *args, waiting: list[int], **kwargs):
        super().__init__(*args, **kwargs)
        self.waiting = waiting
        self.fields["pk"].choices = [(number, number) for number in waiting]

    def clean(self):
        values = super().clean()
        declines = values.get("rest") == DECLINE
        if declines and not values.get("reason_code") and "reason_code" not in self.errors:
            self.add_error("reason_code", _("Say why the others are declined."))
        if not declines and not values.get("pk") and "pk" not in self.errors:
            self.add_error("pk", _("Tick at least one date, or decline the others."))
        return values

    def declined(self) -> set[int]:
        """The dates that are declined; only after validation."""
        if self.cleaned_data["rest"] != DECLINE:
            return set()
        return set(self.waiting) - set(self.cleaned_data["pk"])


class HoursForm(forms.Form):
    """Other hours on the same days, on the wall of the resource's site."""

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
    text = message_field()

    def clean(self):
        values = super().clean()
        starts, ends = values.get("starts"), values.get("ends")
        if starts and ends and ends <= starts and values.get("days_later") == 0:
            self.add_error("ends", _("End must be after start."))
        return values


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
