"""Open needs of all hospitals for the coming days, for which the city may run a matching round."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from demo.world import Place, World
from medshare_portal.roles import Role
from resources.models import Resource
from scheduling.actions import needs
from scheduling.actions.needs import NeedTerms
from scheduling.models import Need
from scheduling.states import Priority

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WHY = {
    Priority.STAT: ("Two critical patients, none of ours is free.", "两名危重患者，本院已无空闲。"),
    Priority.URGENT: ("Operations of this week depend on it.", "本周手术需要。"),
    Priority.ROUTINE: ("", ""),
}
URGENCIES = (Priority.ROUTINE, Priority.URGENT, Priority.ROUTINE, Priority.STAT, Priority.URGENT)
# By kind: who asks, how many needs each hospital posts, and for how many hours.
ASKS = {
    "equipment": (Role.COORDINATOR, 3, 6),
    "staff": (Role.STAFFING_MANAGER, 1, 8),
    "medicine": (Role.PHARMACIST, 1, 0),
}


def make_needs_for_a_round(world: World) -> None:
    """Each asks for what some of the others offer; more is asked than is there."""
    for kind, (role, number, hours) in ASKS.items():
        post_needs(world, kind, role, number, hours, now=world.moment)


def post_needs(
    world: World, kind: str, role: Role, number: int, hours: int, *, now: datetime, first: int = 0
) -> None:
    """``number`` needs of each hospital that has somebody in the role; ``first`` shifts what they
    are for."""
    offered = _offered(kind)
    for place, at in enumerate(world.places):
        others = [row for row in offered if row.institution_id != at.institution.pk]
        for turn in range(number) if others and at.people.get(role) else ():
            step = first + place * number + turn
            wanted = others[(step * 7 // 2) % len(others)]
            _post(at, wanted, role, hours, step, now)


def _offered(kind: str) -> list[Resource]:
    rows = Resource.unscoped.filter(kind=kind, status="listed", offers__status="published")
    return list(rows.select_related("category").order_by("category__path", "pk"))


def _post(at: Place, wanted: Resource, role: Role, hours: int, step: int, now: datetime) -> Need:
    priority = URGENCIES[step % len(URGENCIES)]
    morning = _morning(at, now) + (2 + step % 4) * DAY
    times = {"needed_by": morning}
    if hours:
        times = {
            "starts_at": morning,
            "ends_at": morning + hours * HOUR,
            "flexible_hours": step % 3,
        }
    by_item = wanted.kind == "medicine"  # its classification is too wide to name an item
    name = wanted.name_zh if at.speaks_chinese else wanted.name_en or wanted.name_zh
    category = wanted.category.name_zh if at.speaks_chinese else wanted.category.name_en
    return needs.post(
        institution=at.institution,
        kind=wanted.kind,
        what=(name if by_item else category) or wanted.name_zh,
        category=None if by_item else wanted.category,
        terms=NeedTerms(
            site=at.sites[0],
            quantity=5 + step % 4 * 5 if by_item else 1,
            priority=priority,
            justification=WHY[priority][at.speaks_chinese],
            **times,
        ),
        by=at.people[role][0],
        now=now - (1 + step % 20) * HOUR,
    )


def _morning(at: Place, now: datetime) -> datetime:
    """Eight o'clock today, by the clock of the hospital."""
    local = now.astimezone(ZoneInfo(at.sites[0].time_zone))
    return local.replace(hour=8, minute=0, second=0, microsecond=0)
