"""Freed time is offered to the first in line: the system's own part of the wait-list.

An offered place is a held request, so the database keeps it free of everybody else; whoever takes
it keeps that promise until the owner has decided (``SharingRequest.promised``).  Each place is
offered in a transaction of its own, under the lock of its resource; a job that runs twice at once,
or is killed in the middle, therefore offers a place once.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from medshare_portal import audit, policy
from resources.intervals import Interval, subtract
from resources.models import Resource
from scheduling import deadlines, notices_waiting
from scheduling.actions import _rules
from scheduling.actions._lock import lock_resource
from scheduling.actions._move import created
from scheduling.actions.lapses import lapse_holds
from scheduling.costs import agreed_price
from scheduling.kinds import kinds
from scheduling.models import FreedTime, SharingRequest, WaitlistEntry
from scheduling.queries.alternatives import quarter_up
from scheduling.queries.availability import published_offer
from scheduling.queries.busy import Busy, busy_intervals, in_order, offered_intervals, usable
from scheduling.queries.free_search import search_free
from scheduling.queries.rule_facts import Wish
from scheduling.queries.waiting_line import line_for, passed_on
from scheduling.share_modes import default_mode
from scheduling.states import Side, State
from scheduling.waiting import WaitState

REASON = "the system's own moves along the line"
MARGIN = timedelta(days=14)  # buffers of neighbours that reach into a window


@dataclass(frozen=True)
class Found:
    """A place for an entry: when, and what the rules were told."""

    entry: WaitlistEntry
    starts_at: datetime
    context: object


def offer_freed(*, now: datetime) -> int:
    """Offer what was marked as freed, then look for those who were not looked for lately."""
    marks = FreedTime.objects.everywhere(reason=REASON).filter(handled_at__isnull=True)
    resources = set(marks.values_list("sharing_request__resource", flat=True))
    done = sum(offer_time_of(pk, now=now) for pk in sorted(resources))
    return done + _look_again(now)


def offer_time_of(resource_pk: int, *, now: datetime) -> int:
    """Offer the freed time of one resource, place by place; returns how many were offered."""
    done = 0
    while True:
        with transaction.atomic():
            resource = lock_resource(resource_pk)
            lapse_holds(now=now, resource=resource)
            marks = list(_marks(resource))
            spans = [(mark.starts_at, mark.ends_at) for mark in marks]
            if not _offer_first(resource, line_for(resource, now=now), now, spans=spans):
                _marks(resource).filter(pk__in=[mark.pk for mark in marks]).update(handled_at=now)
                return done
            done += 1


def _marks(resource: Resource):
    return FreedTime.objects.everywhere(reason=REASON).filter(
        sharing_request__resource=resource, handled_at__isnull=True
    )


def _look_again(now: datetime) -> int:
    """Entries whose turn to be looked for has come: new ones, and all from time to time."""
    due = WaitlistEntry.objects.everywhere(reason=REASON).waiting()
    due = due.filter(next_look_at__lte=now, latest_start__gt=now)
    done, seen = 0, set()
    for entry in due.select_related("resource", "category", "borrower", "site").order_by("pk"):
        for pk in _worth_a_look(entry, now):
            if pk not in seen:
                seen.add(pk)
                done += _offer_any(pk, now)
        _looked_for(entry, now)
    return done


def _looked_for(entry: WaitlistEntry, now: datetime) -> None:
    again = now + timedelta(minutes=policy.current().waitlist.look_again_minutes)
    rows = WaitlistEntry.objects.everywhere(reason=REASON).waiting()
    rows.filter(pk=entry.pk).update(next_look_at=again)


def _worth_a_look(entry: WaitlistEntry, now: datetime) -> list[int]:
    if entry.resource_id:
        return [entry.resource_id]
    starts_at = max(entry.starts_at, now)
    found = search_free(
        institution=entry.borrower,
        now=now,
        kind=entry.kind,
        category=entry.category,
        starts_at=starts_at,
        ends_at=entry.ends_at,
        units=entry.units,
        site=entry.site,
        within_km=entry.within_km,
        limit=policy.current().waitlist.most_looked_at,
    )
    return [one.resource.pk for one in found]


def _offer_any(resource_pk: int, now: datetime) -> int:
    """Offer all that is free of a resource, whatever made it free."""
    done = 0
    while True:
        with transaction.atomic():
            resource = lock_resource(resource_pk)
            lapse_holds(now=now, resource=resource)
            if not _offer_first(resource, line_for(resource, now=now), now):
                return done
            done += 1


def _offer_first(
    resource: Resource,
    line: Collection[WaitlistEntry],
    now: datetime,
    *,
    spans: list[Interval] | None = None,
) -> bool:
    """Offer a place to the first in line whom one fits; False when it fits nobody.  With ``spans``
    only to those whose days meet them."""
    offer = published_offer(resource)
    if offer is None:
        return False
    for entry in line:
        if spans is not None and not _meets(entry, spans):
            continue
        found = _place_for(entry, resource, offer, now)
        if found and _lock_waiting(entry):
            _promise(found, resource, now)
            return True
    return False


def _meets(entry: WaitlistEntry, spans: list[Interval]) -> bool:
    return any(entry.starts_at < last and entry.ends_at > first for first, last in spans)


def _lock_waiting(entry: WaitlistEntry) -> bool:
    """Whether the entry waits still.  Who changes it at this moment is not waited for: the audit
    chain may be theirs."""
    rows = WaitlistEntry.objects.everywhere(reason=REASON).waiting().filter(pk=entry.pk)
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    return rows.first() is not None


def _place_for(entry: WaitlistEntry, resource: Resource, offer, now: datetime) -> Found | None:
    """The earliest time in the entry's window that is free, long enough, and allowed."""
    earliest = max(entry.starts_at, quarter_up(now + timedelta(hours=offer.notice_hours)))
    length = timedelta(minutes=entry.minutes)
    for first, last in _free(entry, resource, offer, now):
        starts_at = max(first, earliest)
        if starts_at + length > min(last, entry.ends_at):
            continue
        context = _rules.context_of(wish_in_line(entry, resource, starts_at, length), now=now)
        if not _rules.findings_for_request(context).blocks:
            return Found(entry, starts_at, context)
    return None


def _free(entry: WaitlistEntry, resource: Resource, offer, now: datetime) -> list[Interval]:
    window = (entry.starts_at, entry.ends_at)
    around = (window[0] - MARGIN, window[1] + MARGIN)
    busy = busy_intervals([resource.pk], *around, now=now).get(resource.pk, [])
    free = usable(
        offered_intervals([resource.pk], *window).get(resource.pk, []),
        [*busy, *_asked_for(resource, *around)],
        offer=offer,
        mode=default_mode(resource),
        total=resource.units,
        wanted=entry.units,
    )
    return subtract(free, passed_on(entry, resource)) if free else []


def _asked_for(resource: Resource, starts_at: datetime, ends_at: datetime) -> list[Busy]:
    """What somebody has asked for: the owner answers that before the time goes to the line."""
    rows = SharingRequest.objects.everywhere(reason=REASON).filter(
        resource=resource, state=State.REQUESTED, hold_expires_at=None
    )
    return in_order(rows.overlapping(starts_at, ends_at), ())


def wish_in_line(entry: WaitlistEntry, resource: Resource, starts_at: datetime, length) -> Wish:
    asked = kinds[entry.kind].asked_in_line
    return Wish(
        resource=resource,
        borrower=entry.borrower,
        starts_at=starts_at,
        ends_at=starts_at + length,
        units=entry.units,
        mode=default_mode(resource),
        priority=entry.priority,
        asked=asked(entry) if asked else None,
    )


def _promise(found: Found, resource: Resource, now: datetime) -> None:
    entry = found.entry
    until = min(deadlines.place_due(entry, now=now), found.starts_at)
    held = created(
        _held(found, resource, until, now), "promise", side=Side.SYSTEM, by=None, now=now
    )
    WaitlistEntry.objects.everywhere(reason=REASON).filter(pk=entry.pk).update(
        state=WaitState.OFFERED, promise=held, offered_until=until
    )
    notices_waiting.place_offered(entry, held, until, now=now)
    audit.record(
        chains=[entry.borrower.slug],
        by=None,
        action="waitlist.offered",
        obj=entry,
        now=now,
        data={"wanted": str(entry.wanted), "given": held.reference},
    )


def _held(found: Found, resource: Resource, until: datetime, now: datetime) -> SharingRequest:
    entry, context = found.entry, found.context
    return SharingRequest(
        resource=resource,
        owner=resource.institution,
        borrower=entry.borrower,
        kind=resource.kind,
        state=State.HELD,
        exclusive=resource.units == 1,
        offer=context.offer,
        priority=entry.priority,
        purpose=entry.purpose,
        mode=default_mode(resource),
        delivery_site=entry.site,
        units=entry.units,
        asked_units=entry.units,
        starts_at=context.starts_at,
        ends_at=context.ends_at,
        asked_starts_at=context.starts_at,
        asked_ends_at=context.ends_at,
        blocked_from=context.blocked_from,
        blocked_until=context.blocked_until,
        hold_expires_at=until,
        created_at=now,
        created_by=entry.created_by,
        series_id=entry.series_id,
        **agreed_price(context.offer),
        recall_notice_hours=context.offer.recall_notice_hours,
    )


def expire(*, now: datetime) -> int:
    """End entries that can no longer be served: the moment to begin has passed."""
    rows = WaitlistEntry.objects.everywhere(reason=REASON).waiting()
    late = rows.filter(latest_start__lte=now).select_related(
        "borrower", "resource", "category", "created_by"
    )
    return sum(_expire(entry, now) for entry in late.order_by("pk"))


def _expire(entry: WaitlistEntry, now: datetime) -> bool:
    with transaction.atomic():
        rows = WaitlistEntry.objects.everywhere(reason=REASON).waiting().filter(pk=entry.pk)
        if not rows.update(state=WaitState.EXPIRED, ended_at=now):
            return False
        notices_waiting.waited_in_vain(entry, now=now)
        audit.record(
            chains=[entry.borrower.slug],
            by=None,
            action="waitlist.expired",
            obj=entry,
            now=now,
            data={"wanted": str(entry.wanted)},
        )
    return True
