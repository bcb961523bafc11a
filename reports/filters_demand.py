"""The filter of the facts of demand."""

from datetime import timedelta

import django_filters as filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from medshare_portal.filters.made_once import FilterSet
from medshare_portal.local_times import midnight
from reports.demand import Outcome, Source
from reports.filters import institutions
from reports.forms.days import DaysForm
from reports.models import DemandFact
from reports.queries.districts import districts, institutions_of
from reports.unmet import facts_of, why_choices
from resources.kinds import kind_choices
from scheduling.states import Priority

NOT_MET = "not_met"
PERIODS = (
    ("30", _("30 days")),
    ("90", _("90 days")),
    ("365", _("A year")),
    ("all", _("Everything")),
)
RESULTS = ((NOT_MET, _("Not met, all")), ("all", _("Everything")), *Outcome.choices)
FIRST = {"outcome": NOT_MET, "period": "90"}  # what is shown where the address says nothing


class DemandFilter(FilterSet):
    outcome = filters.ChoiceFilter(
        label=_("Outcome"),
        choices=RESULTS,
        method="by_outcome",
        empty_label=None,
        initial=FIRST["outcome"],
    )
    period = filters.ChoiceFilter(
        label=_("Ended within"),
        choices=PERIODS,
        method="by_period",
        empty_label=None,
        initial=FIRST["period"],
    )
    first = filters.DateFilter(label=_("Ended from"), method="from_first")
    last = filters.DateFilter(label=_("Ended until"), method="until_last")
    why = filters.ChoiceFilter(
        label=_("Reason"), choices=why_choices, method="by_reason", empty_label=_("All")
    )
    kind = filters.ChoiceFilter(label=_("Kind"), choices=kind_choices, empty_label=_("All"))
    source = filters.ChoiceFilter(label=_("Said as"), choices=Source, empty_label=_("All"))
    urgency = filters.ChoiceFilter(label=_("Urgency"), choices=Priority, empty_label=_("All"))

    class Meta:
        form = DaysForm
        model = DemandFact
        fields = []

    def by_outcome(self, rows, name, value):
        if value == NOT_MET:
            return rows.not_met()
        return rows if value == "all" else rows.filter(outcome=value)

    def by_period(self, rows, name, value):
        if value == "all":
            return rows
        return rows.filter(ended_at__gt=timezone.now() - timedelta(days=int(value)))

    def from_first(self, rows, name, value):
        return rows.filter(ended_at__gte=midnight(value))

    def until_last(self, rows, name, value):
        return rows.filter(ended_at__lt=midnight(value + timedelta(days=1)))

    def by_reason(self, rows, name, value):
        return rows.filter(facts_of(value))


class CityDemandFilter(DemandFilter):
    institution = filters.ModelChoiceFilter(
        label=_("Institution"), queryset=institutions, method="by_institution", empty_label=_("All")
    )

    district = filters.ChoiceFilter(
        label=_("District"), choices=districts, method="of_district", empty_label=_("All")
    )

    def of_district(self, rows, name, value):
        return rows.filter(institution_key__in=institutions_of(value))

    def by_institution(self, rows, name, value):
        return rows.filter(institution_key=value.pk)
