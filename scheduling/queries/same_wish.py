"""Whether the same was asked for before, and nobody has answered."""

from collections import defaultdict
from dataclasses import replace

from django.db.models import BigIntegerField, DateTimeField, Q

from medshare_portal.db.prepared import AnyOf, Bind, Keys, Prepared
from resources.kinds import kinds
from resources.limits import longest_buffers
from scheduling.models import SharingRequest
from scheduling.queries.rule_facts import Wish
from scheduling.rules.context import AskedBefore
from scheduling.states import State

KEY, MOMENT = BigIntegerField(), DateTimeField()
_SAME = Prepared(
    lambda: (
        SharingRequest.objects.borrowed_by(Bind("borrower", KEY))
        .filter(
            Q(state=State.REQUESTED) | Q(state=State.APPROVED, decided_automatically=True),
            resource=Bind("resource", KEY),
            created_by=Bind("by", KEY),
            starts_at=Bind("starts_at", MOMENT),
            ends_at=Bind("ends_at", MOMENT),
            units=Bind("units", KEY),
            # What is true anyway: so it is found by its time, and not among all that waits.
            blocked_from__range=(Bind("earliest", MOMENT), Bind("starts_at", MOMENT)),
        )
        .order_by("pk")
        .values_list("pk", "purpose")
    )
)

_WAITING = Prepared(
    lambda: (
        SharingRequest.objects.borrowed_by(Bind("borrower", KEY))
        .filter(
            AnyOf("resource", Keys("resources")),
            state=State.REQUESTED,
            starts_at__lt=Bind("last", MOMENT),
            ends_at__gt=Bind("first", MOMENT),
        )
        .order_by("starts_at", "pk")
        .values_list("resource_id", "pk", "kind", "starts_at", "ends_at")
    )
)


def with_asked_before(wishes: list[Wish]) -> list[Wish]:
    """The wishes of one borrower, each with its own requests for the resource that still wait: one
    statement for any number.  Only where somebody is about to ask: no owner reads this."""
    if not wishes:
        return []
    rows = _WAITING.rows(
        borrower=wishes[0].borrower.pk,
        resources={wish.resource.pk for wish in wishes},
        first=min(wish.starts_at for wish in wishes),
        last=max(wish.ends_at for wish in wishes),
    )
    waiting = defaultdict(list)
    for resource, pk, kind, starts_at, ends_at in rows:
        waiting[resource].append(AskedBefore(f"{kinds[kind].prefix}-{pk}", starts_at, ends_at))
    return [replace(wish, asked_before=tuple(waiting[wish.resource.pk])) for wish in wishes]


def same_wishes(resource, borrower, terms, by) -> list[tuple[int, str]]:
    """(key, purpose) of what ``by`` asked for these units and this time and no person decided."""
    return _SAME.rows(
        borrower=borrower.pk,
        resource=resource.pk,
        by=by.pk,
        starts_at=terms.starts_at,
        ends_at=terms.ends_at,
        units=terms.units,
        earliest=terms.starts_at - longest_buffers(),
    )
