"""What concerns one person: by a signed link, or by the own account."""

from datetime import datetime, timedelta

from resources.models import StaffMember
from scheduling.kinds.staff.links import Named, token_for
from scheduling.kinds.staff.parts import PERSON
from scheduling.models import SharingRequest, SignOff
from scheduling.states import SignOffDecision, State

REASON = "a person's own shifts, named by a signed link or by the own account"
RELATED = (
    "resource__site",
    "resource__institution",
    "resource__staff_member",
    "owner",
    "borrower",
    "delivery_site",
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


def own_requests(user, *, now: datetime) -> list[dict]:
    """Shifts of the person who has this account, lately asked first, each with its link."""
    rows = _rows().filter(resource__staff_member__user=user, ends_at__gt=now - PAST)
    return [
        {
            "request": row,
            "token": token_for(row),
            "zone": (row.delivery_site or row.resource.site).time_zone,
        }
        for row in rows.order_by("-starts_at", "-pk")[:50]
    ]
