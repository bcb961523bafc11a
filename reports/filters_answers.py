"""The filter of requests that were answered: the rows behind waiting times."""

from datetime import timedelta

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from medshare_portal.filters.made_once import FilterSet
from medshare_portal.local_times import midnight
from reports.filters import institutions
from reports.forms.days import DaysForm
from reports.queries.districts import districts, institutions_of
from resources.kinds import kind_choices
from scheduling.models import SharingRequest
from scheduling.states import Priority, State

# What an answer was, by what the request has become since.
APPROVED = (
    State.APPROVED, State.UNDERWAY, State.FINISHED, State.CLOSED, State.CANCELLED, State.NO_SHOW,
)  # fmt: skip
YES, NO, OTHERWISE = "yes", "no", "otherwise"
ANSWERS = {
    YES: _("Approved"),
    NO: _("Declined"),
    OTHERWISE: _("Another proposal, or sent back"),
}


def answer_of(state: str) -> str:
    if state in APPROVED:
        return YES
    return NO if state == State.DECLINED else OTHERWISE


class AnswersFilter(FilterSet):
    """``first`` and ``last``: when it was decided."""

    first = filters.DateFilter(label=_("Decided from"), method="from_first")
    last = filters.DateFilter(label=_("Decided until"), method="until_last")
    kind = filters.ChoiceFilter(label=_("Kind"), choices=kind_choices, empty_label=_("All"))
    urgency = filters.ChoiceFilter(
        label=_("Urgency"), choices=Priority.choices, field_name="priority", empty_label=_("All")
    )
    answer = filters.ChoiceFilter(
        label=_("Answer"), choices=list(ANSWERS.items()), method="as_answered",
        empty_label=_("All"),
    )  # fmt: skip

    class Meta:
        form = DaysForm
        model = SharingRequest
        fields = []

    def from_first(self, rows, name, value):
        return rows.filter(decided_at__gte=midnight(value))

    def until_last(self, rows, name, value):
        return rows.filter(decided_at__lt=midnight(value + timedelta(days=1)))

    def as_answered(self, rows, name, value):
        if value == OTHERWISE:
            return rows.exclude(state__in=[*APPROVED, State.DECLINED])
        return rows.filter(state__in=APPROVED if value == YES else [State.DECLINED])


class CityAnswersFilter(AnswersFilter):
    """Of who was asked, as the figures are."""

    institution = filters.ModelChoiceFilter(
        label=_("Owner"), queryset=institutions, field_name="owner", empty_label=_("All")
    )
    district = filters.ChoiceFilter(
        label=_("District"), choices=districts, method="of_district", empty_label=_("All")
    )

    def of_district(self, rows, name, value):
        return rows.filter(owner__in=institutions_of(value))
