"""Which days, which kind, compared with what: the filters of a report, kept in the address."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.forms.days import refused
from reports.periods import LONGEST_DAYS, Period, ending
from resources.kinds import kind_choices

OWN = "own"
DAYS = {"7": _("7 days"), "30": _("30 days"), "90": _("90 days"), "365": _("12 months")}
PERIODS = [*DAYS.items(), (OWN, _("Days of one’s own"))]
BEFORE, A_YEAR, NOTHING = "before", "year", "nothing"
INSTITUTION, DISTRICT, CATEGORY = "institution", "district", "category"
LEVELS = [(INSTITUTION, _("Institution")), (DISTRICT, _("District")), (CATEGORY, _("Class"))]
COMPARED = [
    (BEFORE, _("As many days before")),
    (A_YEAR, _("The same days a year before")),
    (NOTHING, _("Nothing")),
]


def _day(label):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget)


class FiguresForm(forms.Form):
    """``last``: up to which day there are figures.  ``chosen`` and ``compared`` are Periods.
    ``USUAL`` holds where the address says nothing."""

    USUAL = (("period", "30"), ("compare", BEFORE))
    period = forms.ChoiceField(label=_("Period"), choices=PERIODS, required=False)
    first = _day(_("From"))
    last = _day(_("To"))
    compare = forms.ChoiceField(label=_("Compare with"), choices=COMPARED, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=(), required=False)

    def __init__(self, data, *, last: date):
        super().__init__(dict(self.USUAL) | {k: v for k, v in data.items() if v})
        self.until = last
        if "kind" in self.fields:
            self.fields["kind"].choices = [("", _("All")), *kind_choices()]
        self.chosen: Period | None = None
        self.compared: Period | None = None

    def clean(self):
        data = super().clean()
        if self.errors:
            return data
        if data["period"] == OWN or data["first"] or data["last"]:
            self.chosen = self._own(data)
        else:
            self.chosen = ending(self.until, int(data["period"]))
        if self.chosen and data.get("compare", NOTHING) != NOTHING:
            same = data["compare"] == BEFORE
            self.compared = self.chosen.before if same else self.chosen.a_year_before
        return data

    def _own(self, data) -> Period | None:
        first, last = data["first"], data["last"]
        if not first or not last:
            self.add_error("last" if first else "first", _("Give both days."))
        elif found := refused(first, last, self.until):
            self.add_error(*found)
        elif (last - first).days >= LONGEST_DAYS:
            self.add_error("last", _("A report covers three years at most."))
        else:
            return Period(first, last)
        return None


class CityFiguresForm(FiguresForm):
    """Of all institutions or those of a district.  ``districts``: (code, name) of each."""

    USUAL = (*FiguresForm.USUAL, ("level", INSTITUTION))
    district = forms.ChoiceField(label=_("District"), choices=(), required=False)
    level = forms.ChoiceField(label=_("One row for each"), choices=LEVELS, required=False)

    def __init__(self, data, *, last: date, districts):
        super().__init__(data, last=last)
        self.fields["district"].choices = [("", _("All")), *districts]


class EquityForm(FiguresForm):
    """Equity is seen over a year: a month of few shares says little."""

    USUAL = (("period", "365"), ("compare", A_YEAR))
    kind = None


class RegisterForm(FiguresForm):
    """``classes`` of equipment to choose from; ``buy``: what somebody thinks of buying."""

    USUAL = (("period", "30"),)
    compare = kind = None
    category = forms.ChoiceField(label=_("Class"), choices=(), required=False)
    buy = forms.CharField(label=_("Before you buy: a class"), max_length=80, required=False)

    def __init__(self, data, *, last: date, classes, every: bool):
        super().__init__(data, last=last)
        names = [(row.slug, row.name) for row in classes]
        self.fields["category"].choices = [*([("", _("All"))] if every else []), *names]


class CityRegisterForm(RegisterForm):
    """Of one class: all devices of a city are too many to be looked at together."""

    district = forms.ChoiceField(label=_("District"), choices=(), required=False)

    def __init__(self, data, *, districts, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["district"].choices = [("", _("All")), *districts]


class PlainForm(FiguresForm):
    """Of one kind, which the page is about."""

    kind = None


class DistrictForm(PlainForm):
    district = forms.ChoiceField(label=_("District"), choices=(), required=False)

    def __init__(self, data, *, last: date, districts):
        super().__init__(data, last=last)
        self.fields["district"].choices = [("", _("All")), *districts]


class HoursForm(DistrictForm):
    """``houses``: the institutions to choose from."""

    institution = forms.ChoiceField(label=_("Institution"), choices=(), required=False)

    def __init__(self, data, *, last: date, districts, houses):
        super().__init__(data, last=last, districts=districts)
        names = [(str(row.pk), row.name) for row in houses]
        self.fields["institution"].choices = [("", _("All")), *names]
