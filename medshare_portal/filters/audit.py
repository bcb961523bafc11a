"""Filters of the audit log."""

import django_filters as filters
from django import forms
from django.utils.translation import gettext_lazy as _

from medshare_portal.models import AuditEvent

DAY = forms.DateInput(attrs={"type": "date"})


class AuditFilter(filters.FilterSet):
    """What, who, which and when; days are the reader's, both ends included."""

    action = filters.CharFilter(label=_("Action"), lookup_expr="istartswith", max_length=60)
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
