"""Which rules were passed with a reason: the exceptions and warnings of an institution's shares."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from scheduling.models import SharingRequest

RELATED = ("resource", "owner", "borrower")


@dataclass(frozen=True, kw_only=True)
class Passed:
    """One rule passed by one person; ``exception``: a block, not a warning."""

    code: str
    reason: str
    by: str
    at: datetime
    exception: bool


def requests_with_passed_rules(
    institution, *, since: datetime, exceptions_only: bool
) -> QuerySet[SharingRequest]:
    """Lately asked first."""
    rows = SharingRequest.objects.concerning(institution).filter(submitted_at__gte=since)
    rows = rows.exclude(accepted_findings=[]).select_related(*RELATED)
    if exceptions_only:
        kept = Cast("accepted_findings", TextField())
        rows = rows.alias(kept=kept).filter(kept__contains='"exception": true')
    return rows.order_by("-submitted_at", "-pk")


def passed_in(sharing_request: SharingRequest) -> list[Passed]:
    return [
        Passed(
            code=entry["code"],
            reason=entry["reason"],
            by=entry["by"],
            at=datetime.fromisoformat(entry["at"]),
            exception=entry.get("exception", False),
        )
        for entry in sharing_request.accepted_findings
    ]
