"""The catalogue's filters; every choice shows how much stands behind it."""

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from medshare_portal.bilingual import is_chinese
from medshare_portal.filters.made_once import FilterSet
from resources.enums import ResourceStatus, ShareMode
from resources.forms.facets import FacetSelect, InstitutionField, SuggestedInput
from resources.models import Category, Resource
from resources.queries.facets import Facets, here_of
from resources.queries.narrowing import asking, chosen_of, narrowed

SCOPES = [("all", _("All")), ("ours", _("Ours")), ("others", _("Others’"))]
AVAILABILITY = [
    ("now", _("Free now")),
    ("week", _("Offered in the next 7 days")),
    ("offered", _("Offered at some time")),
]


class InstitutionFilter(django_filters.Filter):
    """One of hundreds, so it is typed; the suggestions are those with most."""

    field_class = InstitutionField


class KilometreFilter(django_filters.Filter):
    """A plain number; FloatField refuses what is not finite."""

    field_class = forms.FloatField


def _categories(request):
    return Category.objects.filter(kind=request.catalogue_kind.code)


class ResourceFilter(FilterSet):
    """Everything is optional; an unknown or malformed value is an error beside its field."""

    q = django_filters.CharFilter(
        label=_("Search"),
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    category = django_filters.ModelChoiceFilter(
        label=_("Category"),
        queryset=_categories,
        to_field_name="slug",
        widget=FacetSelect,
    )
    institution = InstitutionFilter(
        label=_("Institution"),
        max_length=200,
        widget=SuggestedInput(attrs={"placeholder": _("Any, or type a name")}),
    )
    district = django_filters.CharFilter(
        label=_("District"),
        max_length=80,
        widget=FacetSelect,
    )
    mode = django_filters.ChoiceFilter(
        label=_("Mode"),
        choices=ShareMode.choices,
        widget=FacetSelect,
    )
    available = django_filters.ChoiceFilter(
        label=_("Availability"),
        choices=AVAILABILITY,
        widget=FacetSelect,
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"),
        choices=ResourceStatus.choices,
        widget=FacetSelect,
    )
    max_km = KilometreFilter(
        label=_("At most, km"),
        min_value=0.1,
        max_value=20000,
    )
    scope = django_filters.ChoiceFilter(
        choices=SCOPES,
        widget=forms.HiddenInput,
    )

    class Meta:
        model = Resource
        fields = ()

    def __init__(self, *args, facets: Facets | None = None, now=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.facets, self.now = facets or Facets(), now
        self.institution, self.kind = self.request.institution, self.request.catalogue_kind
        if not self.kind.mode_fields:
            del self.filters["mode"]

    def _ready(self, form) -> None:
        """Give the selects their options, with counts."""
        super()._ready(form)
        rows = {
            "category": [
                (slug, "\u2003" * depth + counted(en, zh, number))
                for slug, en, zh, number, depth in self.facets.categories
            ],
            "institution": [
                (named(en, zh), counted(en, zh, n)) for _slug, en, zh, n in self.facets.institutions
            ],
            "district": [(k, counted(en, zh, n)) for k, en, zh, n in self.facets.districts],
            "mode": [
                (name, f"{ShareMode(name).label} ({self.facets.modes[name]})")
                for name in self.kind.mode_fields
            ],
            "available": AVAILABILITY,
            "status": ResourceStatus.choices,
        }
        for name, options in rows.items():
            if name in form.fields:
                form.fields[name].widget.rows = options

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """What the filters mean stands in ``queries.narrowing``, for the list and exports alike."""
        chosen = chosen_of(self.form.cleaned_data)
        if chosen is None:
            return queryset.none()
        who, here = asking(self.institution, self.now), here_of(self.facets)
        return narrowed(queryset, chosen, who, self.kind, here)


def named(name_en: str, name_zh: str) -> str:
    """The name in the reader's language, or in the other one."""
    return (name_zh or name_en) if is_chinese() else (name_en or name_zh)


def counted(name_en: str, name_zh: str, number: int) -> str:
    """The name with how many."""
    return f"{named(name_en, name_zh)} ({number})"
