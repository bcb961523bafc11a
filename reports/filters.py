"""Filters of the lists of statements."""

from datetime import date

import django_filters as filters
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from medshare_portal.filters.made_once import FilterSet
from medshare_portal.local_times import describe_month
from medshare_portal.models import Institution
from reports.models import Statement
from reports.settlement.months import month_of, months_over
from reports.settlement.states import StatementState

SHOWN_MONTHS = 36
STATES = [(state.value, state.label) for state in StatementState if state != StatementState.DRAFT]


def months():
    """The months that can be chosen, the last one first."""
    now, zone = timezone.now(), timezone.get_default_timezone()
    over = [month_of(now, zone), *reversed(months_over(now, SHOWN_MONTHS, zone))]
    return [(f"{month:%Y-%m}", describe_month(month)) for month in over]


def institutions(request):
    """Every institution that takes part: the directory."""
    return Institution.objects.directory().only("name_en", "name_zh").order_by("name_en", "pk")


def others(request):
    """All but the reader's own, which has no statement with itself."""
    return institutions(request).exclude(pk=request.institution.pk if request.institution else None)


def first_day(value: str) -> date:
    return date.fromisoformat(f"{value}-01")


class StatementFilter(FilterSet):
    month = filters.ChoiceFilter(
        label=pgettext_lazy("of a statement", "Month"),
        choices=months,
        method="by_month",
        empty_label=_("All"),
    )
    counterpart = filters.ModelChoiceFilter(
        label=_("With"), queryset=others, method="by_counterpart", empty_label=_("All")
    )
    state = filters.ChoiceFilter(label=_("State"), choices=STATES, empty_label=_("All"))

    class Meta:
        model = Statement
        fields = []

    def by_month(self, rows, name, value):
        return rows.filter(month=first_day(value))

    def by_counterpart(self, rows, name, value):
        """On either side: of the reader's own statements this leaves those with the other."""
        return rows.filter(Q(first=value) | Q(second=value))


def chosen_month(filterset: StatementFilter) -> str:
    """ "2026-10", or empty where no month or none that exists is chosen."""
    asked = filterset.is_bound and filterset.is_valid()
    return filterset.form.cleaned_data.get("month") or "" if asked else ""
