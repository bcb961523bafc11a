"""The filters of what stands behind the figures of data quality and of the lots at risk."""

import django_filters as filters
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medshare_portal.filters.made_once import FilterSet
from reports.filters import institutions
from reports.queries.districts import districts, institutions_of
from reports.queries.quality import coded, stale
from resources.kinds import kind_choices
from resources.models import MedicineLot, Resource

CODED, UNCODED, STALE = "coded", "uncoded", "stale"
WHAT = [
    (UNCODED, _("Codes are missing")),
    (CODED, _("With all their codes")),
    (STALE, _("Not confirmed for 30 days")),
]
WITHIN = ("30", "60", "90", "180")


def days():
    return [(number, gettext("%(days)s days") % {"days": number}) for number in WITHIN]


class QualityFilter(FilterSet):
    """The view says what time it is: ``now``."""

    what = filters.ChoiceFilter(
        label=_("Data quality"), choices=WHAT, method="that_are", empty_label=_("All")
    )
    kind = filters.ChoiceFilter(label=_("Kind"), choices=kind_choices, empty_label=_("All"))

    class Meta:
        model = Resource
        fields = []

    def __init__(self, *args, now, **kwargs):
        super().__init__(*args, **kwargs)
        self.now = now

    def that_are(self, rows, name, value):
        if value == STALE:
            return rows.filter(stale(self.now))
        return rows.filter(coded()) if value == CODED else rows.exclude(coded())


class CityQualityFilter(QualityFilter):
    institution = filters.ModelChoiceFilter(
        label=_("Institution"), queryset=institutions, empty_label=_("All")
    )
    district = filters.ChoiceFilter(
        label=_("District"), choices=districts, method="of_district", empty_label=_("All")
    )

    def of_district(self, rows, name, value):
        return rows.filter(institution__in=institutions_of(value))


class LotsFilter(FilterSet):
    """``within`` is read by the view, which works out what will be left."""

    within = filters.ChoiceFilter(
        label=_("Expires within"), choices=days, method="as_it_is", empty_label=None
    )
    institution = filters.ModelChoiceFilter(
        label=_("Institution"), queryset=institutions, empty_label=_("All")
    )
    district = filters.ChoiceFilter(
        label=_("District"), choices=districts, method="of_district", empty_label=_("All")
    )

    class Meta:
        model = MedicineLot
        fields = []

    def as_it_is(self, rows, name, value):
        return rows

    def of_district(self, rows, name, value):
        return rows.filter(institution__in=institutions_of(value))
