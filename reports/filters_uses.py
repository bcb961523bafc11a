"""The filter of the facts of use: the rows behind a figure."""

from datetime import timedelta

import django_filters as filters
from django import forms
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from medshare_portal.filters.made_once import FilterSet
from medshare_portal.local_times import midnight
from reports.demand import Outcome
from reports.filters import institutions
from reports.forms.days import DaysForm
from reports.models import UsageFact
from reports.queries.districts import districts, institutions_of
from reports.rollups.shares import TOLERANCE
from resources.kinds import kind_choices
from scheduling.states import State

OUTCOMES = [(o.value, o.label) for o in Outcome if o.value not in ("nothing_listed", "unmet")]


# How an answer, a return and a transfer of medicine count in the figures.
ANSWERS = {
    "in_time": (_("in time"), Q(decided_at__lte=F("answer_due_at"))),
    "late": (pgettext_lazy("an answer", "late"), Q(decided_at__gt=F("answer_due_at"))),
    "none": (_("none in time, lapsed"), Q(outcome=Outcome.TOO_SLOW)),
}
LATE_RETURN = Q(state=State.CLOSED, used_until__gt=F("ends_at") + timedelta(seconds=TOLERANCE))
RETURNS = {
    "late": (pgettext_lazy("a return", "late"), LATE_RETURN),
    "in_time": (_("in time"), Q(state=State.CLOSED) & ~LATE_RETURN),
}
DAY = {"attrs": {"type": "date"}, "format": "%Y-%m-%d"}


def _choices(of: dict) -> list:
    return [(code, words) for code, (words, _condition) in of.items()]


class UsesFilter(FilterSet):
    """``first`` and ``last``: when it ended."""

    first = filters.DateFilter(
        label=_("Ended from"), method="from_first", widget=forms.DateInput(**DAY)
    )
    last = filters.DateFilter(
        label=_("Ended until"), method="until_last", widget=forms.DateInput(**DAY)
    )
    kind = filters.ChoiceFilter(label=_("Kind"), choices=kind_choices, empty_label=_("All"))
    outcome = filters.ChoiceFilter(label=_("Outcome"), choices=OUTCOMES, empty_label=_("All"))

    answer = filters.ChoiceFilter(
        label=_("Answer"), choices=_choices(ANSWERS), method="by_answer", empty_label=_("All")
    )
    returned = filters.ChoiceFilter(
        label=_("Returned"), choices=_choices(RETURNS), method="by_return", empty_label=_("All")
    )
    rescued = filters.ChoiceFilter(
        label=_("Medicine"),
        choices=[("yes", _("given close to its end of use"))],
        method="by_rescue",
        empty_label=_("All"),
    )

    class Meta:
        form = DaysForm
        model = UsageFact
        fields = []

    def from_first(self, rows, name, value):
        return rows.filter(ended_at__gte=midnight(value))

    def until_last(self, rows, name, value):
        return rows.filter(ended_at__lt=midnight(value + timedelta(days=1)))

    def by_answer(self, rows, name, value):
        return rows.filter(ANSWERS[value][1])

    def by_return(self, rows, name, value):
        return rows.filter(RETURNS[value][1])

    def by_rescue(self, rows, name, value):
        return rows.filter(rescued=True, accepted__gt=0)


class OwnUsesFilter(UsesFilter):
    """As whom an institution took part."""

    side = filters.ChoiceFilter(
        label=_("We"),
        choices=[("owner", _("were asked")), ("borrower", pgettext_lazy("a side", "asked"))],
        method="by_side",
        empty_label=_("either"),
    )

    def by_side(self, rows, name, value):
        return rows.filter(**{f"{value}_key": self.request.institution.pk})


class CityUsesFilter(UsesFilter):
    institution = filters.ModelChoiceFilter(
        label=_("Institution"), queryset=institutions, method="of_institution", empty_label=_("All")
    )

    district = filters.ChoiceFilter(
        label=_("District"), choices=districts, method="of_district", empty_label=_("All")
    )

    owner = filters.ModelChoiceFilter(
        label=_("Owner"), queryset=institutions, method="of_side", empty_label=_("All")
    )
    borrower = filters.ModelChoiceFilter(
        label=_("Borrower"), queryset=institutions, method="of_side", empty_label=_("All")
    )

    def of_side(self, rows, name, value):
        return rows.filter(**{f"{name}_key": value.pk})

    def of_institution(self, rows, name, value):
        return rows.filter(Q(owner_key=value.pk) | Q(borrower_key=value.pk))

    def of_district(self, rows, name, value):
        inside = institutions_of(value)
        return rows.filter(Q(owner_key__in=inside) | Q(borrower_key__in=inside))
