"""The filters of what is open now: the rows behind the numbers of the city's overview."""

import django_filters as filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from medshare_portal.filters.made_once import FilterSet
from reports.filters import institutions
from reports.queries.districts import districts, institutions_of
from resources.kinds import kind_choices
from scheduling.models import Need, SharingRequest
from scheduling.states import Priority, State

# The steps of the overview, and which states each has.
STEPS = {
    "waiting": (_("Waiting for an answer"), State.PENDING),
    "booked": (_("Booked"), (State.APPROVED,)),
    "in_use": (_("In use"), (State.UNDERWAY,)),
    "returned": (State.FINISHED.label, (State.FINISHED,)),
}
LATE = {"answer": _("Answer overdue"), "return": _("Return overdue")}


def late(what: str, now) -> Q:
    """What the overview counts as overdue."""
    if what == "answer":
        return Q(state__in=State.PENDING, due_at__lt=now)
    return Q(state=State.UNDERWAY, ends_at__lt=now)


class BookingsFilter(FilterSet):
    """``owner``: whose it is.  The view says what time it is: ``now``."""

    step = filters.ChoiceFilter(
        label=_("State"), choices=[(code, words) for code, (words, _states) in STEPS.items()],
        method="at_step", empty_label=_("All"),
    )  # fmt: skip
    late = filters.ChoiceFilter(
        label=_("Overdue"), choices=list(LATE.items()), method="overdue", empty_label=_("All")
    )
    kind = filters.ChoiceFilter(label=_("Kind"), choices=kind_choices, empty_label=_("All"))
    owner = filters.ModelChoiceFilter(label=_("Owner"), queryset=institutions, empty_label=_("All"))

    class Meta:
        model = SharingRequest
        fields = []

    def __init__(self, *args, now, **kwargs):
        super().__init__(*args, **kwargs)
        self.now = now

    def at_step(self, rows, name, value):
        return rows.filter(state__in=STEPS[value][1])

    def overdue(self, rows, name, value):
        return rows.filter(late(value, self.now))


class NeedsFilter(FilterSet):
    urgency = filters.ChoiceFilter(
        label=_("Urgency"),
        choices=[("urgent", _("all that are urgent")), *Priority.choices],
        method="as_urgent",
        empty_label=_("All"),
    )
    kind = filters.ChoiceFilter(label=_("Kind"), choices=kind_choices, empty_label=_("All"))
    district = filters.ChoiceFilter(
        label=_("District"), choices=districts, method="of_district", empty_label=_("All")
    )
    institution = filters.ModelChoiceFilter(
        label=_("Institution"), queryset=institutions, empty_label=_("All")
    )

    class Meta:
        model = Need
        fields = []

    def as_urgent(self, rows, name, value):
        if value == "urgent":
            return rows.exclude(priority=Priority.ROUTINE)
        return rows.filter(priority=value)

    def of_district(self, rows, name, value):
        return rows.filter(institution__in=institutions_of(value))
