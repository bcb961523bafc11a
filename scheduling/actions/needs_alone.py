"""What happens to needs by itself: those who could serve are told, requests meet them, they end."""

import time
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from medshare_portal import audit
from scheduling import notices_needs
from scheduling.models import Need, NeedState
from scheduling.queries.need_matching import booked_for, servers_of
from scheduling.round_states import ProposalState

REASON = "the system's own moves of needs"
AGAIN = timedelta(days=1)  # who has got something like it since then is told as well
MOST_SECONDS = 10


def _open():
    rows = Need.objects.everywhere(reason=REASON).open()
    return rows.select_related("institution", "category", "site", "created_by").order_by("pk")


def tell(*, now: datetime) -> int:
    """Tell those who could serve, each person once however often this runs: at once, and day by
    day those who came to it since; returns of how many needs was told.

    What takes longer than ``MOST_SECONDS`` is left to the next turn, the new needs first: other
    jobs wait meanwhile."""
    due = _open().filter(Q(told_at__isnull=True) | Q(told_at__lte=now - AGAIN))
    due = due.order_by(F("told_at").asc(nulls_first=True), "pk")
    told, end = 0, time.monotonic() + MOST_SECONDS
    for need in due:
        told += _tell(need, now)
        if time.monotonic() > end:
            break
    return told


def _tell(need: Need, now: datetime) -> bool:
    with transaction.atomic():
        untold = Need.objects.everywhere(reason=REASON).open()
        if not untold.filter(pk=need.pk, told_at=need.told_at).update(told_at=now):
            return False
        for resources in servers_of(need).values():
            notices_needs.others_need(need, resources, now=now)
    return True


def meet(*, now: datetime) -> int:
    """End the needs for all of which requests were approved."""
    served = (
        Q(answers__isnull=False)
        | Q(proposals__state=ProposalState.AGREED)
        | Q(requests__isnull=False)
    )
    found = [need for need in _open().filter(served).distinct() if _is_met(need)]
    return sum(_end(need, NeedState.MET, "met", now) for need in found)


def _is_met(need: Need) -> bool:
    return booked_for(need) >= need.quantity


def expire(*, now: datetime) -> int:
    """End the needs whose time has passed; who posted them is told.  What was approved at the last
    moment has met them."""
    late = _open().filter(expires_at__lte=now)
    return sum(_end(need, *_how_it_ended(need), now) for need in late)


def _how_it_ended(need: Need) -> tuple[NeedState, str]:
    return (NeedState.MET, "met") if _is_met(need) else (NeedState.EXPIRED, "expired")


def _end(need: Need, state: NeedState, action: str, now: datetime) -> bool:
    with transaction.atomic():
        rows = Need.objects.everywhere(reason=REASON).open().filter(pk=need.pk)
        if not rows.update(state=state, ended_at=now):
            return False
        need.state = state
        notices_needs.ended(need, state, now=now)
        notices_needs.tell_who_answered(need, now=now)
        audit.record(
            chains=[need.institution.slug],
            by=None,
            action=f"need.{action}",
            obj=need,
            now=now,
            data={"what": need.what},
        )
    return True
