"""The city reminds those who owe a late answer: once a day for each request, written down."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from medshare_portal.actions.crises import require_city
from medshare_portal.notices import keys_of_people_in, keys_of_people_with
from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission, Role
from scheduling import notices
from scheduling.actions._lock import lock_request
from scheduling.actions._move import noted
from scheduling.kinds import kinds
from scheduling.models import SharingRequest, SignOff
from scheduling.queries.late_at_city import Awaited, LateKey, late_keys, reminded_since
from scheduling.states import Rung, Side, SignOffDecision

PAUSE = timedelta(days=1)
ANSWERERS = (Role.COORDINATOR, Role.APPROVER, Role.HEAD)
PERMISSIONS = {
    Awaited.ANSWER: Permission.DECIDE,
    Awaited.EXTENSION: Permission.DECIDE,
    Awaited.CHECK: Permission.POST_CHECK,
}


class NothingLate(Refusal):
    message = _("Nothing is late any more: the answer has come.")
    status = 409


class RemindedAlready(Refusal):
    message = _("The city has reminded them within the last day.")
    status = 409


def remind(*, sharing_request: SharingRequest, by, now: datetime) -> SharingRequest:
    """Tell all who owe a late answer to this request, their coordinators, approvers and head.

    Raises NotAnOfficial, NothingLate, RemindedAlready.
    """
    require_city(by, Permission.MEDIATE)
    fresh = lock_request(sharing_request)
    late = [key for key in late_keys() if key.request == fresh.pk]
    if not late:
        raise NothingLate
    if reminded_since([fresh.pk], now - PAUSE):
        raise RemindedAlready
    for institution in (fresh.owner, fresh.borrower):
        owed = [key for key in late if key.by == institution.pk]
        if owed:
            notices.send_to(
                "city-reminds",
                fresh,
                people=sorted(_people(fresh, institution, owed)),
                institution=institution,
                key=f"{now:%Y%m%dT%H%M}",
                now=now,
            )
    noted(fresh, "city_reminds", side=Side.CITY, now=now, by=by)
    return fresh


def _people(fresh: SharingRequest, institution, owed: Iterable[LateKey]) -> set[int]:
    found = set(keys_of_people_in(ANSWERERS, institution))
    for what in {key.what for key in owed} - {Awaited.CONSENT}:
        found.update(keys_of_people_with(PERMISSIONS[what], institution, fresh.kind))
    return found | _who_consents(fresh, institution)


def _who_consents(fresh: SharingRequest, institution) -> set[int]:
    """Of consents that are late: the person, or all who may give it."""
    parts = {part.code: part for part in kinds[fresh.kind].sign_offs}
    side = fresh.side_of(institution)
    rows = SignOff.objects.of(fresh).filter(
        decision=SignOffDecision.WAITING, escalation=Rung.CITY, side=side
    )
    found: set[int] = set()
    for row in rows.order_by("pk"):
        part = parts.get(row.part)
        if row.person_id:
            found.add(row.person_id)
        elif part is not None and part.permission is not None:
            found.update(keys_of_people_with(part.permission, institution, fresh.kind))
    return found
