"""Filters of the lists of what we lend and borrow."""

import django_filters as filters
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from medshare_portal.filters.made_once import FilterSet
from medshare_portal.models import Institution
from resources.models import Category
from scheduling.models import SharingRequest
from scheduling.queries.lists import matching
from scheduling.states import State

DAY = {"type": "date"}
GROUPS = {
    "open": (_("All open ones"), State.OPEN),
    "ended": (_("All ended ones"), State.ENDED),
}
OVERDUE = "overdue"
STATES = [
    (OVERDUE, _("Overdue")),
    *((name, label) for name, (label, _states) in GROUPS.items()),
    *((state.value, state.label) for state in State if state != State.HELD),
]


def institutions(request):
    """Every institution that takes part: the directory."""
    return Institution.objects.directory().only("name_en", "name_zh").order_by("name_en", "pk")


def categories(request):
    """Categories are public."""
    names = ("kind", "path", "name_en", "name_zh")
    return Category.objects.only(*names).order_by("path", "pk")


class RequestFilter(FilterSet):
    """``counterpart`` is the column of the other side; subclasses name it."""

    text = filters.CharFilter(label=_("Text"), method="by_text", max_length=100)
    state = filters.ChoiceFilter(
        label=_("State"), choices=STATES, method="by_state", empty_label=_("All")
    )
    category = filters.ModelChoiceFilter(
        label=_("Category"), queryset=categories, method="by_category", empty_label=_("All")
    )
    after = filters.DateFilter(
        label=_("From"), method="by_after", widget=forms.DateInput(attrs=DAY)
    )
    before = filters.DateFilter(
        label=_("Until"), method="by_before", widget=forms.DateInput(attrs=DAY)
    )

    class Meta:
        model = SharingRequest
        fields = []

    def by_text(self, rows, name, value):
        return matching(rows, value.strip())

    def by_state(self, rows, name, value):
        if value == OVERDUE:
            return rows.overdue(timezone.now())
        states = GROUPS[value][1] if value in GROUPS else (value,)
        return rows.filter(state__in=states)

    def by_category(self, rows, name, value):
        return rows.filter(
            resource__category__path__startswith=value.path, resource__category__kind=value.kind
        )

    def by_after(self, rows, name, value):
        return rows.filter(ends_at__date__gte=value)

    def by_before(self, rows, name, value):
        return rows.filter(starts_at__date__lte=value)


class LendingFilter(RequestFilter):
    counterpart = filters.ModelChoiceFilter(
        label=_("Borrower"), field_name="borrower", queryset=institutions, empty_label=_("All")
    )


class BorrowingFilter(RequestFilter):
    counterpart = filters.ModelChoiceFilter(
        label=_("Owner"), field_name="owner", queryset=institutions, empty_label=_("All")
    )
