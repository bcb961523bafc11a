"""What concerns one person: by a signed link, or by the own account."""

from datetime import datetime, timedelta

from resources.models import StaffMember
from scheduling.kinds import zone_of
from scheduling.kinds.staff.links import Named, token_for
from scheduling.kinds.staff.parts import PERSON
from scheduling.models import SharingRequest, SignOff
from scheduling.queries.series_consents import waiting_consents
from scheduling.states import SignOffDecision, State

REASON = "a person's own shifts, named by a signed link or by the own account"
RELATED = (
    "resource__site",
    "resource__institution",
    "resource__staff_member",
    "owner",
    "borrower",
    "delivery_site",
    "series",
)
PAST = timedelta(days=60)


def _rows():
    rows = SharingRequest.objects.everywhere(reason=REASON).filter(kind="staff")
    return rows.select_related(*RELATED)


def is_lent(user) -> bool:
    """Whether this account is that of one of the people who are lent for shifts."""
    return StaffMember.objects.everywhere(reason=REASON).filter(user=user).exists()


def named_by_link(named: Named) -> SharingRequest | None:
    """The request, if it is still about this person."""
    return _rows().filter(pk=named.sharing_request, resource=named.resource).first()


def waits_for_person(sharing_request: SharingRequest) -> bool:
    waiting = SignOff.objects.of(sharing_request).filter(
        part=PERSON, decision=SignOffDecision.WAITING
    )
    return sharing_request.state == State.REQUESTED and waiting.exists()


def same_series(sharing_request: SharingRequest):
    """The other dates of its series that have not ended, by start."""
    dates = SharingRequest.objects.of_series(sharing_request.series_id).exclude(
        pk=sharing_request.pk
    )
    return dates.filter(state__in=State.OPEN).order_by("starts_at", "pk")


def others_that_wait(sharing_request: SharingRequest) -> list[SharingRequest]:
    """The other dates of its series that wait for the person, too."""
    if sharing_request.series_id is None:
        return []
    rows = list(same_series(sharing_request).filter(state=State.REQUESTED))
    waiting = waiting_consents(sharing_request.series)
    return [row for row in rows if PERSON in waiting.get(row.pk, ())]


def own_requests(user, *, now: datetime) -> list[dict]:
    """Shifts of the person who has this account, lately asked first, each with its link."""
    rows = _rows().filter(resource__staff_member__user=user, ends_at__gt=now - PAST)
    return [
        {
            "request": row,
            "token": token_for(row),
            "zone": zone_of(row),
        }
        for row in rows.order_by("-starts_at", "-pk")[:50]
    ]
