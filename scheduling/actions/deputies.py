"""Who begins to stand in is told once what waits already; what comes later is told one by one."""

from datetime import datetime, timedelta

from django.db.models.functions import Greatest

from medshare_portal.memberships import membership_at
from medshare_portal.models import Absence
from medshare_portal.notices import queue
from medshare_portal.roles import rights_of
from scheduling.notices_deputies import WaitsAlready
from scheduling.queries.waiting import waiting_count

REASON = "deputies of all institutions are told in one run"
JUST_NOW = timedelta(hours=2)  # a longer pause of the jobs loses the mail, never an answer


def tell_of_beginning(*, now: datetime) -> int:
    """One notice per absence that has just begun, or was entered as running; none where nothing
    waits that the deputy could not answer before.  Returns how many."""
    running = Absence.objects.everywhere(reason=REASON).filter(starts_at__lte=now, ends_at__gt=now)
    began = running.annotate(began_at=Greatest("starts_at", "entered_at"))
    rows = began.filter(began_at__gt=now - JUST_NOW).select_related("institution", "user", "deputy")
    return sum(_tell(absence, now) for absence in rows.order_by("pk"))


def _tell(absence: Absence, now: datetime) -> bool:
    place = absence.institution
    there = membership_at(absence.deputy, place)
    absent = next((one for one in there.stands_in if one.person == absence.user_id), None)
    gained = rights_of(absent.roles) - rights_of(there.own) if absent else frozenset()
    number = waiting_count(place, gained)
    if number:
        queue(
            WaitsAlready,
            users=[absence.deputy],
            institution=place,
            event_key=f"{WaitsAlready.code}:{absence.pk}",
            context={
                "where_en": place.name_en or place.name_zh,
                "where_zh": place.name_zh or place.name_en,
                "person": str(absence.user),
                "number": number,
            },
            now=now,
            object_id=absence.pk,
        )
    return bool(number)
