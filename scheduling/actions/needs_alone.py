"""What happens to needs by itself: those who could serve are told, requests meet them, they end."""

from datetime import datetime

from django.db import transaction

from medshare_portal import audit
from scheduling import notices_needs
from scheduling.models import Need, NeedState
from scheduling.queries.need_matching import requests_from, servers_of
from scheduling.states import State

REASON = "the system's own moves of needs"


def _open():
    rows = Need.objects.everywhere(reason=REASON).open()
    return rows.select_related("institution", "category", "site", "created_by").order_by("pk")


def tell(*, now: datetime) -> int:
    """Tell those who could serve, each once; returns how many needs were told of."""
    return sum(_tell(need, now) for need in _open().filter(told_at__isnull=True))


def _tell(need: Need, now: datetime) -> bool:
    with transaction.atomic():
        untold = Need.objects.everywhere(reason=REASON).open()
        if not untold.filter(pk=need.pk, told_at__isnull=True).update(told_at=now):
            return False
        for resources in servers_of(need).values():
            notices_needs.others_need(need, resources, now=now)
    return True


def meet(*, now: datetime) -> int:
    """End the needs of which a request was approved."""
    answered = _open().filter(answers__isnull=False).distinct()
    found = [need for need in answered if _booked(need)]
    return sum(_end(need, NeedState.MET, "met", now) for need in found)


def _booked(need: Need) -> bool:
    return requests_from(need).filter(state__in=State.BOOKED).exists()


def expire(*, now: datetime) -> int:
    """End the needs whose time has passed; who posted them is told."""
    late = _open().filter(expires_at__lte=now)
    return sum(_end(need, NeedState.EXPIRED, "expired", now) for need in late)


def _end(need: Need, state: NeedState, action: str, now: datetime) -> bool:
    with transaction.atomic():
        rows = Need.objects.everywhere(reason=REASON).open().filter(pk=need.pk)
        if not rows.update(state=state, ended_at=now):
            return False
        notices_needs.ended(need, state, now=now)
        audit.record(
            chains=[need.institution.slug],
            by=None,
            action=f"need.{action}",
            obj=need,
            now=now,
            data={"what": need.what},
        )
    return True
