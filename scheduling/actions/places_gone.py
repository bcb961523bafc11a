"""Places that the wait-list offered and that can no longer be taken: given back, and told."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from medshare_portal import audit
from resources.models import Resource
from scheduling import notices_waiting
from scheduling.actions._lock import lock_request
from scheduling.actions._move import move
from scheduling.actions.promises import wish_in_line
from scheduling.models import WaitlistEntry
from scheduling.queries.availability import published_offer
from scheduling.queries.related import related_of_any
from scheduling.queries.rule_facts import Wish, contexts_of
from scheduling.rules import findings_for_request
from scheduling.states import Side, State
from scheduling.waiting import WaitState

REASON = "the system takes back what it can no longer promise"


def give_back(*, now: datetime) -> int:
    """End the places that could not be asked for by now – the offer was withdrawn, a crisis is
    over, the device is out of order –; who waited keeps its rank.  Returns how many."""
    rows = WaitlistEntry.objects.everywhere(reason=REASON).filter(state=WaitState.OFFERED)
    related = ("borrower", "site", "resource", "category", "created_by", "promise__resource")
    entries = list(rows.select_related(*related).order_by("pk"))
    return sum(_give_back(entry, now) for entry in gone(entries, now=now))


def gone(entries: Collection[WaitlistEntry], *, now: datetime) -> list[WaitlistEntry]:
    """Those of which the rules block what is held; the rules are asked once for all."""
    keys = {entry.promise.resource_id for entry in entries}
    rows = Resource.objects.everywhere(reason=REASON).filter(pk__in=keys)
    resources = rows.select_related(*related_of_any()).in_bulk()
    found = [entry for entry in entries if not is_offered(entry)]
    others = [entry for entry in entries if entry not in found]
    wishes = [_wish(entry, resources[entry.promise.resource_id]) for entry in others]
    contexts = contexts_of(wishes, now=now) if wishes else []
    blocked = zip(others, contexts, strict=True)
    return found + [entry for entry, context in blocked if findings_for_request(context).blocks]


def is_offered(entry: WaitlistEntry) -> bool:
    """Whether what is held for the entry is on offer still, and shown to it."""
    shown = Resource.objects.visible_to(entry.borrower).filter(pk=entry.promise.resource_id)
    return shown.exists() and published_offer(entry.promise.resource) is not None


def _wish(entry: WaitlistEntry, resource: Resource) -> Wish:
    held = entry.promise
    wish = wish_in_line(entry, resource, held.starts_at, held.ends_at - held.starts_at)
    return replace(wish, sharing_request=held)


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
