"""What to try on a copy of a round: each question is a small form of its own, sent by GET."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from medshare_portal.forms.moments import EndAfterStart, MomentField, set_zone
from scheduling.actions.rounds import trying
from scheduling.actions.rounds.trying import Copy, Trial

MOST_HOURS, MOST_PACKS = 72, 100_000
NEED, HOSPITAL = "need", "hospital"


class TrialForm(forms.Form):
    """Base.  ``copy``: the copy and the need it is seen from; ``choices``: rules, offers and
    institutions as (value, words); ``zone``: the clock in which times are typed."""

    submit_label = _("Try it")
    nothing = _("Nothing would change")  # said where that is the answer

    def __init__(self, *args, copy: Copy, choices: dict[str, list], zone, initial=None, **kwargs):
        self.copy = copy
        super().__init__(*args, initial=initial, **kwargs)
        for name in self.fields.keys() & choices.keys():
            self.fields[name].choices = choices[name]
        set_zone(self, zone)

    def tried(self) -> Trial:
        """Only after validation."""
        raise NotImplementedError


class ServeAnyway(TrialForm):
    title = _("Serve it anyway: who would lose?")
    submit_label = _("Show who would lose")
    nothing = _("Nothing that may be moved would serve it")

    def tried(self) -> Trial:
        return trying.serve_anyway(copy=self.copy)


class LeaveOut(TrialForm):
    title = _("Leave out a rule")
    rule = forms.ChoiceField(label=_("Rule"))
    whose = forms.ChoiceField(
        label=_("For"),
        choices=[(NEED, _("this need")), (HOSPITAL, _("all unmet needs of this hospital"))],
    )

    def tried(self) -> Trial:
        values = self.cleaned_data
        whole = values["whose"] == HOSPITAL
        return trying.leave_out(copy=self.copy, rule=values["rule"], for_hospital=whole)


class OfOffer(TrialForm):
    offer = forms.ChoiceField(label=_("Offer, the nearest first"))


class Lengthen(OfOffer):
    title = _("Lengthen the hours of an offer")
    hours = forms.IntegerField(
        label=_("Hours longer"), min_value=1, max_value=MOST_HOURS, initial=4
    )

    def tried(self) -> Trial:
        return trying.lengthen(copy=self.copy, **self.cleaned_data)


class Timed(EndAfterStart, TrialForm):
    """From – until, within the days of the round."""

    starts_at = MomentField(label=_("From"))
    ends_at = MomentField(label=_("Until"))

    def clean(self):
        values, run = super().clean(), self.copy.run
        for name in ("starts_at", "ends_at"):
            moment = values.get(name)
            if moment and not run.starts_at <= moment <= run.ends_at:
                self.add_error(
                    name, ValidationError(_("This is not within the days of the round."))
                )
        return values


class AddHours(Timed, OfOffer):
    title = _("Offer something at more hours")
    field_order = ("offer",)

    def tried(self) -> Trial:
        return trying.add_hours(copy=self.copy, **self.cleaned_data)


class OneMore(TrialForm):
    institution = forms.ChoiceField(label=_("Offered by"))


class AddTimedOffer(Timed, OneMore):
    title = _("One more offer that suits the need")
    field_order = ("institution",)

    def tried(self) -> Trial:
        return trying.add_timed_offer(copy=self.copy, **self.cleaned_data)


class AddPacks(OfOffer):
    title = _("More packs of an offer")
    packs = forms.IntegerField(label=_("Packs more"), min_value=1, max_value=MOST_PACKS)

    def tried(self) -> Trial:
        return trying.add_packs(copy=self.copy, **self.cleaned_data)


class AddLot(OneMore):
    title = _("One more offer that suits the need")
    packs = forms.IntegerField(label=_("Packs"), min_value=1, max_value=MOST_PACKS)
    expiry_date = forms.DateField(
        label=_("Expiry date"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def clean_expiry_date(self):
        found = self.cleaned_data["expiry_date"]
        if not 0 <= self.copy.day(found) <= 36_600:
            raise ValidationError(_("Choose a day that is not past."))
        return found

    def tried(self) -> Trial:
        return trying.add_lot(copy=self.copy, **self.cleaned_data)


# By what is sent as ``what``; of offers that last for hours, and of packs.
OF_TIMES = {"rule": LeaveOut, "longer": Lengthen, "hours": AddHours, "offer": AddTimedOffer}
OF_PACKS = {"rule": LeaveOut, "packs": AddPacks, "lot": AddLot}


def questions(copy: Copy) -> dict[str, type[TrialForm]]:
    found = OF_TIMES if copy.timed else OF_PACKS
    return {"serve": ServeAnyway} | found if copy.disputable else found
