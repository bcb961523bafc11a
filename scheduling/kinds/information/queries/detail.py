"""What the pages of a request for information show."""

from datetime import datetime

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from medshare_portal.local_times import describe_moment
from medshare_portal.roles import Permission
from resources.enums_information import LegalBasis, Purpose, RecipientRole
from scheduling.kinds.information.queries.snapshot import snapshot
from scheduling.models import AccessEvent, AccessGrant, SharingRequest
from scheduling.queries.sign_offs import signatures
from scheduling.states import State

MOST_LOOKS = 200


def _moment(value, request: SharingRequest) -> str:
    moment = value if isinstance(value, datetime) else parse_datetime(value or "")
    return describe_moment(moment, tz=request.resource.site.time_zone) if moment else ""


def _words(values: dict, request: SharingRequest) -> list[tuple[str, str]]:
    """(what, words) of a snapshot; empty where nothing was said."""
    yes, comma = _("yes"), _(", ")
    return [
        (_("Purpose of use"), _label(Purpose, values["purpose_of_use"])),
        (_("Opened by"), _label(RecipientRole, values["recipient_role"])),
        (_("Legal basis"), _label(LegalBasis, values["legal_basis"])),
        (_("Fields"), comma.join(values["scope"])),
        (_("Cohort"), values["cohort"]),
        (_("Until"), _moment(values["asked_until"], request)),
        (_("Looks"), str(values["looks"])),
        (_("Record of the consent"), values["consent_ref"]),
        (_("Separate consent"), yes if values["consent_separate"] else ""),
        (_("Impact assessment"), values["assessment_ref"]),
        (_("Contract"), values["contract_ref"]),
        (_("Why"), values["reason"]),
    ]


def _label(choices, value: str) -> str:
    return str(choices(value).label) if value in choices.values else value


def asked_lines(grant: AccessGrant, request: SharingRequest) -> list[tuple[str, str]]:
    """Everything that was asked."""
    return [line for line in _words(snapshot(grant, request), request) if line[1]]


def changed(grant: AccessGrant, request: SharingRequest) -> list[tuple[str, str, str]]:
    """(what, before, now) of what differs from the request that was returned."""
    if not grant.before or request.state != State.REQUESTED:
        return []
    before = _words(grant.before, request)
    now = _words(snapshot(grant, request), request)
    pairs = zip(before, now, strict=True)
    return [(what, old, new) for (what, old), (_what, new) in pairs if old != new]


def looks_of(request: SharingRequest) -> list[AccessEvent]:
    """The lines of one request in its owner's log, the latest first."""
    rows = AccessEvent.objects.owned_by(request.owner).filter(request_id=request.pk)
    return list(rows.order_by("-sequence")[:MOST_LOOKS])


def extent(request: SharingRequest) -> str:
    """'5 looks': what lists show where a loan has its times."""
    looks = int(request.quantity)
    return ngettext("%(n)s look", "%(n)s looks", looks) % {"n": looks}


def access_facts(sharing_request: SharingRequest, institution) -> dict:
    """Context of the partial on the request's page."""
    rows = AccessGrant.objects.of(sharing_request).select_related("terms", "person", "reviewed_by")
    grant = rows.get()
    ours = institution.pk == sharing_request.owner_id
    return {
        "grant": grant,
        "lines": asked_lines(grant, sharing_request),
        "changes": changed(grant, sharing_request),
        "granted": int(sharing_request.quantity),
        "left": int(sharing_request.quantity) - grant.looks_used,
        "open": sharing_request.state in (State.APPROVED, State.UNDERWAY),
        "until": _moment(grant.valid_until, sharing_request) if grant.valid_until else "",
        "ended": _moment(
            sharing_request.actual_ends_at or sharing_request.ended_at, sharing_request
        )
        if grant.end_reason
        else "",
        "ours": ours,
        "looks": looks_of(sharing_request) if ours else [],
        "signatures": signatures(sharing_request, sharing_request.side_of(institution)),
        "ends_it": Permission.DECIDE if ours else Permission.ASK,
    }
