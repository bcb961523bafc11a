"""What we lend and what we borrow, the overdue first."""

from datetime import datetime

from django.db.models import Case, F, IntegerField, Q, Value, When

from scheduling.models import SharingRequest
from scheduling.states import State


def _overdue_first(rows, now: datetime):
    """Overdue, then open, then ended; each by when it begins, the latest first."""
    rank = Case(
        When(state=State.UNDERWAY, ends_at__lt=now, then=Value(0)),
        When(state__in=State.OPEN, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return (
        rows.select_related("resource__site", "resource__category", "owner", "borrower")
        .annotate(rank=rank)
        .order_by("rank", F("starts_at").desc(nulls_last=True), "-pk")
    )


def lending(institution, now: datetime):
    """Requests for our resources."""
    return _overdue_first(SharingRequest.objects.owned_by(institution), now)


def borrowing(institution, now: datetime):
    """Our requests for others' resources; a hold is not a request yet."""
    rows = SharingRequest.objects.borrowed_by(institution).exclude(state=State.HELD)
    return _overdue_first(rows, now)


def matching(rows, text: str):
    """Rows whose resource or counterpart has the text in its name or number, or the reference."""
    found = (
        Q(resource__name_en__icontains=text)
        | Q(resource__name_zh__icontains=text)
        | Q(resource__code__icontains=text)
        | Q(borrower__name_en__icontains=text)
        | Q(borrower__name_zh__icontains=text)
        | Q(owner__name_en__icontains=text)
        | Q(owner__name_zh__icontains=text)
    )
    number = text.rpartition("-")[2]
    if number.isascii() and number.isdigit() and len(number) < 12:
        found |= Q(pk=int(number))
    return rows.filter(found)
