"""The filter of the facts of use: the rows behind a figure."""

from datetime import datetime, time, timedelta

import django_filters as filters
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from medshare_portal.filters.made_once import FilterSet
from reports.demand import Outcome
from reports.filters import institutions
from reports.forms.days import DaysForm
from reports.models import UsageFact
from reports.queries.districts import districts, institutions_of
from resources.kinds import kind_choices

OUTCOMES = [(o.value, o.label) for o in Outcome if o.value not in ("nothing_listed", "unmet")]


def _midnight(day):
    return timezone.make_aware(datetime.combine(day, time.min))


class UsesFilter(FilterSet):
    """``first`` and ``last``: when it ended."""

    first = filters.DateFilter(label=_("Ended from"), method="from_first")
    last = filters.DateFilter(label=_("Ended until"), method="until_last")
    kind = filters.ChoiceFilter(label=_("Kind"), choices=kind_choices, empty_label=_("All"))
    outcome = filters.ChoiceFilter(label=_("Outcome"), choices=OUTCOMES, empty_label=_("All"))

    class Meta:
        form = DaysForm
        model = UsageFact
        fields = []

    def from_first(self, rows, name, value):
        return rows.filter(ended_at__gte=_midnight(value))

    def until_last(self, rows, name, value):
        return rows.filter(ended_at__lt=_midnight(value + timedelta(days=1)))


class CityUsesFilter(UsesFilter):
    institution = filters.ModelChoiceFilter(
        label=_("Institution"), queryset=institutions, method="of_institution", empty_label=_("All")
    )

    district = filters.ChoiceFilter(
        label=_("District"), choices=districts, method="of_district", empty_label=_("All")
    )

    def of_institution(self, rows, name, value):
        return rows.filter(Q(owner_key=value.pk) | Q(borrower_key=value.pk))

    def of_district(self, rows, name, value):
        inside = institutions_of(value)
        return rows.filter(Q(owner_key__in=inside) | Q(borrower_key__in=inside))
