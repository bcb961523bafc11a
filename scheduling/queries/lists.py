"""What we lend and what we borrow, the overdue first."""

from datetime import datetime

from django.db.models import BigIntegerField, Case, F, IntegerField, Q, Value, When

from medshare_portal.db.prepared import AnyOf, Bind, Keys, Prepared
from medshare_portal.long_lists import MOST
from resources.kinds import kinds
from scheduling.models import SharingRequest
from scheduling.queries import outages
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


def found_keys(rows, order: tuple[str, ...], now: datetime) -> list[int]:
    """The keys of the first MOST of these rows, in this order or else the overdue first.

    In the list's own order what is over follows what is open, lately asked first: both parts are
    found by an index, so the list costs the same after ten years.
    """
    if order:
        return list(rows.order_by(*order, "-pk").values_list("pk", flat=True)[:MOST])
    late = Case(When(state=State.UNDERWAY, ends_at__lt=now, then=Value(0)), default=Value(1))
    begins = F("starts_at").desc(nulls_last=True)
    still_open = rows.filter(state__in=State.OPEN).order_by(late, begins, "-pk")
    keys = list(still_open.values_list("pk", flat=True)[:MOST])
    over = rows.filter(state__in=State.ENDED).order_by("-created_at", "-pk")
    return keys + list(over.values_list("pk", flat=True)[: MOST - len(keys)])


def _details() -> list[str]:
    return [f"resource__{kind.detail}" for kind in kinds if kind.states]


_ROWS = Prepared(
    lambda: (
        SharingRequest.objects.concerning(Bind("here", BigIntegerField()))
        .filter(AnyOf("pk", Keys("keys")))
        .select_related("resource__site", "delivery_site", *_details(), "owner", "borrower")
        .only(
            *(f"resource__{name}" for name in outages.reads()),
            "kind",
            "state",
            "decision_code",
            "priority",
            "starts_at",
            "ends_at",
            "blocked_from",
            "units",
            "quantity",
            "crisis",
            "resource__code",
            "resource__units",
            "resource__name_en",
            "resource__name_zh",
            "resource__site__time_zone",
            "delivery_site__time_zone",
            "owner__name_en",
            "owner__name_zh",
            "borrower__name_en",
            "borrower__name_zh",
        )
    )
)


def rows_of_page(keys: list[int], institution) -> list[SharingRequest]:
    """The requests of these keys in their order, with what a row shows and no more."""
    found = {row.pk: row for row in _ROWS.instances(here=institution.pk, keys=keys)}
    return [found[key] for key in keys if key in found]


def matching(rows, text: str):
    """Rows whose resource or counterpart has the text in its name or number, or the reference: the
    row's own, or that of the crisis under which it was asked."""
    found = (
        Q(resource__name_en__icontains=text)
        | Q(resource__name_zh__icontains=text)
        | Q(resource__code__icontains=text)
        | Q(borrower__name_en__icontains=text)
        | Q(borrower__name_zh__icontains=text)
        | Q(owner__name_en__icontains=text)
        | Q(owner__name_zh__icontains=text)
    )
    prefix, _dash, number = text.rpartition("-")
    if number.isascii() and number.isdigit() and len(number) < 12:
        found |= Q(crisis=int(number)) if prefix.upper() == "CR" else Q(pk=int(number))
    return rows.filter(found)
