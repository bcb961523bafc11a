"""Places that the wait-list offered and that can no longer be taken: given back, and told."""

from datetime import datetime

from django.db import transaction

from medshare_portal import audit
from resources.models import Resource
from scheduling import notices_waiting
from scheduling.actions._lock import lock_request
from scheduling.actions._move import move
from scheduling.models import WaitlistEntry
from scheduling.queries.availability import published_offer
from scheduling.states import Side, State
from scheduling.waiting import WaitState

REASON = "the system takes back what it can no longer promise"


def give_back(*, now: datetime) -> int:
    """End the places of what is offered no longer, or no longer to who waits – the offer was
    withdrawn, a crisis is over –; who waited keeps its rank.  Returns how many."""
    rows = WaitlistEntry.objects.everywhere(reason=REASON).filter(state=WaitState.OFFERED)
    related = ("borrower", "resource", "category", "created_by", "promise__resource")
    return sum(
        _give_back(entry, now)
        for entry in rows.select_related(*related).order_by("pk")
        if not can_be_taken(entry)
    )


def can_be_taken(entry: WaitlistEntry) -> bool:
    """Whether what is held for the entry is still offered to it."""
    place = entry.promise
    if place is None:
        return False
    seen = Resource.objects.visible_to(entry.borrower).filter(pk=place.resource_id)
    return seen.exists() and published_offer(place.resource) is not None


def _give_back(entry: WaitlistEntry, now: datetime) -> bool:
    with transaction.atomic():
        held = lock_request(entry.promise)
        offered = WaitlistEntry.objects.everywhere(reason=REASON).filter(
            pk=entry.pk, state=WaitState.OFFERED, promise=held
        )
        if held.state != State.HELD or not offered.update(
            state=WaitState.WAITING, promise=None, offered_until=None, next_look_at=now
        ):
            return False
        move(held, "lapse", side=Side.SYSTEM, by=None, now=now, due_at=None)
        notices_waiting.place_gone(entry, held, now=now)
        audit.record(
            chains=[entry.borrower.slug],
            by=None,
            action="waitlist.gone",
            obj=entry,
            now=now,
            data={"wanted": str(entry.wanted), "given": held.reference},
        )
    return True
