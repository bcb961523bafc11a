"""A look: let through inside the grant and nowhere else, and written down either way."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from medshare_portal import policy
from medshare_portal.findings import Findings
from medshare_portal.refusals import Refusal
from resources.models import SharedFile
from scheduling.actions._lock import lock_request
from scheduling.actions._move import move
from scheduling.enums_information import AccessAction, Decision, EndReason
from scheduling.kinds.information.actions import access_log
from scheduling.kinds.information.actions.ending import end
from scheduling.kinds.information.facts import Look
from scheduling.kinds.information.rules import findings_for_look
from scheduling.models import AccessEvent, AccessGrant, SharingRequest
from scheduling.states import Side, State


class LookRefused(Refusal):
    """INF-06: the refusal itself is written to the owner's log, so the transaction must stand."""

    message = _("This look is refused. It was written to the owner's log.")
    status = 403


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a try; ``event`` is its line in the owner's log."""

    event: AccessEvent
    findings: Findings

    @property
    def permitted(self) -> bool:
        return self.event.decision == Decision.PERMIT


def look(
    *, sharing_request: SharingRequest, institution, by, address: str, now: datetime
) -> Outcome:
    """Open the content once.  The first look starts the access, the last one uses it up.

    Never raises for a refused look: both outcomes are written, and the caller answers with them.
    """
    fresh = lock_request(sharing_request)
    grant = AccessGrant.objects.of(fresh).select_for_update(of=("self",)).get()
    tried = Look(
        sharing_request=fresh,
        grant=grant,
        person_id=by.pk,
        institution_id=institution.pk,
        now=now,
    )
    findings = findings_for_look(tried)
    if not findings.blocks:
        _count(fresh, grant, by, now)
    event = _write(fresh, grant, AccessAction.LOOK, findings, institution, by, address, now)
    return Outcome(event=event, findings=findings)


def _count(fresh: SharingRequest, grant: AccessGrant, by, now: datetime) -> None:
    """One look fewer, by compare-and-set: the database refuses one too many as well."""
    left = AccessGrant.objects.of(fresh).filter(
        looks_used=grant.looks_used, looks_used__lt=fresh.quantity
    )
    if not left.update(looks_used=grant.looks_used + 1):
        raise LookRefused
    grant.looks_used += 1
    if fresh.state == State.APPROVED:
        move(
            fresh,
            "hand_over",
            side=Side.BORROWER,
            by=by,
            now=now,
            actual_starts_at=now,
            due_at=None,
        )
    if grant.looks_used >= fresh.quantity:
        end(fresh, EndReason.USED_UP, side=Side.SYSTEM, by=None, now=now)


def fetch(
    *,
    event: AccessEvent,
    sharing_request: SharingRequest,
    institution,
    by,
    address: str,
    now: datetime,
) -> Outcome | None:
    """Whether the file of a look may be sent (again, or in part) without counting another look.

    None lets it through.  A look serves its file for some minutes, while the access is not taken
    back; used up and nothing else is no reason against it.
    """
    fresh = lock_request(sharing_request)
    grant = AccessGrant.objects.of(fresh).get()
    findings = findings_for_look(
        Look(
            sharing_request=fresh,
            grant=grant,
            person_id=by.pk,
            institution_id=institution.pk,
            now=now,
            looks_asked=0,
        )
    )
    served = timedelta(minutes=policy.current().information.look_minutes)
    if grant.end_reason == EndReason.USED_UP:
        findings = Findings(f for f in findings if now >= (grant.valid_until or now))
    if not findings.blocks and now < event.at + served:
        return None
    event = _write(
        fresh, grant, AccessAction.FETCH, findings, institution, by, address, now, late=True
    )
    return Outcome(event=event, findings=findings)


def _write(
    fresh, grant, action, findings: Findings, institution, by, address, now, *, late: bool = False
) -> AccessEvent:
    refused = findings.blocks[0] if findings.blocks else None
    rule = refused.code if refused else ("INF-06" if late else "")
    return access_log.write(
        sharing_request=fresh,
        grant=grant,
        action=action,
        by=by,
        organisation=institution,
        address=address,
        now=now,
        content=content_words(fresh),
        rule=rule,
        reason=refused.text if refused else "",
    )


def content_words(sharing_request: SharingRequest) -> str:
    """What was opened: the version of the file, or that it was an address."""
    asset = sharing_request.resource.information
    if asset.content_number:
        return f"v{asset.content_number}"
    return "https" if asset.endpoint else ""


def file_of(sharing_request: SharingRequest) -> SharedFile | None:
    """The file in force, for a caller whose look was let through."""
    rows = SharedFile.objects.owned_by(sharing_request.owner)
    number = sharing_request.resource.information.content_number
    return rows.filter(resource=sharing_request.resource_id, number=number).first()
