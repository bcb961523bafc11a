"""Who is in line for what: for the job that offers freed time, and for the place that is shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from resources.distance import between_sites
from resources.intervals import Interval
from resources.models import Resource
from scheduling.models import SharingRequest, TransitionLog, WaitlistEntry
from scheduling.states import State
from scheduling.waiting import WaitState, before_others

REASON = "a line spans institutions; who stands in it is named to nobody"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where somebody stands: ``number`` of ``length`` in line, one's own entry counted."""

    number: int
    length: int


def in_order(entries: Iterable[WaitlistEntry]) -> list[WaitlistEntry]:
    """The line: urgency, need, time of joining."""
    return sorted(
        entries,
        key=lambda entry: before_others(
            entry.priority, entry.latest_start, entry.joined_at, entry.pk
        ),
    )


def line_for(resource: Resource, *, now: datetime) -> list[WaitlistEntry]:
    """Who waits for what this resource can give, first things first.

    An entry for a category counts where the resource is near enough and shown to its borrower.
    """
    rows = (
        WaitlistEntry.objects.everywhere(reason=REASON)
        .waiting()
        .filter(kind=resource.kind, latest_start__gt=now, units__lte=resource.units)
        .filter(Q(resource=resource) | Q(category__path__in=_paths_above(resource.category.path)))
        .exclude(borrower=resource.institution_id)
        .select_related("borrower", "site", "category", "resource", "created_by")
    )
    return in_order(entry for entry in rows if _can_serve(resource, entry))


def _paths_above(path: str) -> list[str]:
    """'06/ct/' is in '06/' and in '06/ct/'."""
    parts = path.strip("/").split("/")
    return ["/".join(parts[: n + 1]) + "/" for n in range(len(parts))]


def _can_serve(resource: Resource, entry: WaitlistEntry) -> bool:
    limited = entry.within_km is not None and entry.site is not None
    if limited and between_sites(entry.site, resource.site) > entry.within_km:
        return False
    return Resource.objects.visible_to(entry.borrower).filter(pk=resource.pk).exists()


def is_offered_place(held: SharingRequest) -> bool:
    """Whether the hold is a place that the wait-list offers."""
    rows = WaitlistEntry.objects.everywhere(reason=REASON)
    return rows.filter(promise=held.pk, state=WaitState.OFFERED).exists()


def passed_on(entry: WaitlistEntry, resource: Resource) -> list[Interval]:
    """Places of the resource that were offered to this institution since it waits, and that it
    passed on: they are not offered to it again."""
    offered = TransitionLog.objects.everywhere(reason=REASON).filter(
        sharing_request=OuterRef("pk"), transition="promise"
    )
    rows = SharingRequest.objects.everywhere(reason=REASON).filter(
        Exists(offered),
        borrower=entry.borrower,
        resource=resource,
        state=State.WITHDRAWN,
        submitted_at=None,
        created_at__gte=entry.joined_at,
        blocked_from__lt=entry.ends_at,
        blocked_until__gt=entry.starts_at,
    )
    return list(rows.order_by("starts_at", "pk").values_list("starts_at", "ends_at"))


def places_of(entries: Iterable[WaitlistEntry]) -> dict[int, Place]:
    """Entry → its place among those who wait for the same or something wider or narrower of it,
    in days that meet its own.  One query for any number."""
    entries = [entry for entry in entries if entry.state == WaitState.WAITING]
    if not entries:
        return {}
    rivals = (
        WaitlistEntry.objects.everywhere(reason=REASON)
        .waiting()
        .filter(kind__in={entry.kind for entry in entries})
        .meeting(min(e.starts_at for e in entries), max(e.ends_at for e in entries))
        .select_related("category", "resource__category")
    )
    rivals = list(rivals)
    return {entry.pk: _place(entry, rivals) for entry in entries}


def _place(entry: WaitlistEntry, rivals: list[WaitlistEntry]) -> Place:
    line = in_order({other.pk: other for other in rivals if _same_line(entry, other)}.values())
    keys = [other.pk for other in line]
    return Place(number=keys.index(entry.pk) + 1, length=len(keys))


def _same_line(entry: WaitlistEntry, other: WaitlistEntry) -> bool:
    if other.starts_at >= entry.ends_at or other.ends_at <= entry.starts_at:
        return False
    if entry.kind != other.kind:
        return False
    if entry.resource_id and other.resource_id:
        return entry.resource_id == other.resource_id
    mine, theirs = _path(entry), _path(other)
    return mine.startswith(theirs) or theirs.startswith(mine)


def _path(entry: WaitlistEntry) -> str:
    return (entry.category or entry.resource.category).path
