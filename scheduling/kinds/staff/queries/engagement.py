"""What the page of a staff request shows: consents, timesheet, and the name once it is booked."""

from resources.models import Resource
from scheduling.kinds import kinds, zone_of
from scheduling.kinds.staff.instead import further_hours
from scheduling.models import SignOff, StaffEngagement, StaffMail
from scheduling.queries.sign_offs import answer_words
from scheduling.states import SignOffDecision, State
from scheduling.workflow import RUNNING

LEVELS = {
    SignOffDecision.WAITING: "waiting",
    SignOffDecision.GIVEN: "ok",
    SignOffDecision.REFUSED: "bad",
}


def engagement_of(sharing_request) -> StaffEngagement | None:
    rows = StaffEngagement.objects.of(sharing_request).select_related("specialty", "signed_by")
    return rows.prefetch_related("competencies").first()


def shown_name(sharing_request, institution) -> str:
    """The person's name: the home employer always reads it, the host once the shift is booked."""
    home = institution.pk == sharing_request.owner_id
    host = institution.pk == sharing_request.borrower_id
    if home or (host and sharing_request.state in State.BOOKED):
        return sharing_request.resource.staff_member.person_name
    return ""


def consents_of(sharing_request) -> list[dict]:
    """(words, level, state, who and when) of each consent, in the kind's order."""
    rows = {row.part: row for row in SignOff.objects.of(sharing_request)}
    return [
        {
            "part": part.code,
            "label": part.label,
            "level": LEVELS[SignOffDecision(rows[part.code].decision)],
            "words": answer_words(rows[part.code], sharing_request),
            "by": rows[part.code].signed_name,
            "at": rows[part.code].decided_at,
            "waits": rows[part.code].decision == SignOffDecision.WAITING,
        }
        for part in kinds[sharing_request.kind].sign_offs
        if part.code in rows
    ]


def undelivered(sharing_request, institution) -> bool:
    """Whether a letter to the person was given up; its home employer knows the address."""
    if institution.pk != sharing_request.owner_id:
        return False
    letters = StaffMail.objects.of(sharing_request)
    return letters.filter(failed_at__isnull=False).exists()


def further(sharing_request, institution) -> str:
    """The address of an invitation for the hours after; empty for all but the host of a shift that
    is booked or under way, and where the person is not on offer to it any more."""
    host = institution.pk == sharing_request.borrower_id
    on_hold = sharing_request.suspended_at is not None
    if not host or on_hold or sharing_request.state not in RUNNING:
        return ""
    seen = Resource.objects.visible_to(institution).filter(pk=sharing_request.resource_id)
    return further_hours(sharing_request) if seen.exists() else ""


def engagement_facts(sharing_request, institution) -> dict:
    """``WorkflowKind.facts``"""
    return {
        "name": shown_name(sharing_request, institution),
        "engagement": engagement_of(sharing_request),
        "consents": consents_of(sharing_request),
        "undelivered": undelivered(sharing_request, institution),
        "open": sharing_request.state == State.REQUESTED,
        "further_url": further(sharing_request, institution),
        "is_host": institution.pk == sharing_request.borrower_id,
        "zone": zone_of(sharing_request),
    }
