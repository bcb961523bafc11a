"""Disputes that wait for somebody: for our answer, for the city's decision."""

from django.db.models import QuerySet

from reports.models import LineDispute
from reports.settlement.states import DisputeState


def disputes_to_answer(institution) -> QuerySet[LineDispute]:
    """Raised by the other side of our lines, the longest waiting first."""
    rows = LineDispute.objects.concerning(institution).asked_of(institution)
    return rows.filter(state=DisputeState.OPEN).order_by("raised_at", "pk")


def disputes_with_city() -> QuerySet[LineDispute]:
    """The longest waiting first."""
    rows = LineDispute.objects.in_city_view().filter(state=DisputeState.WITH_CITY)
    return rows.order_by("city_asked_at", "pk")
