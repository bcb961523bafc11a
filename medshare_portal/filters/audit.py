"""Filters of the audit log."""

import django_filters as filters
from django import forms
from django.utils.translation import gettext_lazy as _

from medshare_portal.audit_words import choices, codes_of
from medshare_portal.filters.made_once import FilterSet
from medshare_portal.models import AuditEvent

DAY = forms.DateInput(attrs={"type": "date"})


class AuditFilter(FilterSet):
    """What, who, which and when; days are the reader's, both ends included."""

    action = filters.ChoiceFilter(
        label=_("Action"), choices=choices, empty_label=_("Any"), method="filter_action"
    )
    who = filters.CharFilter(
        field_name="actor_name", label=_("Who"), lookup_expr="icontains", max_length=150
    )
    which = filters.CharFilter(
        field_name="object_label", label=_("Which"), lookup_expr="icontains", max_length=200
    )
    since = filters.DateFilter(
        field_name="at", label=_("From"), lookup_expr="date__gte", widget=DAY
    )
    until = filters.DateFilter(
        field_name="at", label=_("Until"), lookup_expr="date__lte", widget=DAY
    )

    class Meta:
        model = AuditEvent
        fields = ()

    def filter_action(self, queryset, name: str, value: str):
        """An area or one action, under its old codes too."""
        return queryset.filter(action__in=codes_of(value))
