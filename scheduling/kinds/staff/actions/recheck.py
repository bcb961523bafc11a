"""Every night: is what is booked still allowed?  If not it is put on hold, and released again."""

from datetime import datetime

from django.db import transaction

from scheduling.actions._move import IllegalTransition
from scheduling.actions.suspensions import NotOnHold, resume, suspend
from scheduling.kinds.staff.actions import letters
from scheduling.kinds.staff.rules import hours, papers
from scheduling.models import SharingRequest
from scheduling.queries.rule_facts import contexts_of, wish_of
from scheduling.rules import findings_for_request
from scheduling.states import State, Suspension

REASON = "the nightly check looks at every booked shift"
OURS = (Suspension.CREDENTIAL.value, Suspension.RULES.value)
AT_ONCE = 200


def recheck(*, now: datetime) -> int:
    """How many shifts were put on hold or released; a shift on hold for another reason stays."""
    rows = (
        SharingRequest.objects.everywhere(reason=REASON)
        .filter(kind="staff", state=State.APPROVED, ends_at__gt=now)
        .select_related(
            "resource__site", "resource__institution", "resource__category", "borrower", "owner"
        )
        .order_by("pk")
    )
    changed, batch = 0, []
    for row in rows.iterator(chunk_size=AT_ONCE):
        batch.append(row)
        if len(batch) == AT_ONCE:
            changed += _batch(batch, now)
            batch = []
    return changed + _batch(batch, now)


def _batch(rows: list[SharingRequest], now: datetime) -> int:
    contexts = contexts_of([wish_of(row) for row in rows], now=now) if rows else []
    return sum(_one(row, context, now) for row, context in zip(rows, contexts, strict=True))


def _one(row: SharingRequest, context, now: datetime) -> int:
    findings = findings_for_request(context)
    passed = {entry["code"] for entry in row.accepted_findings}
    blocks = [
        finding
        for finding in findings.blocks
        if finding.code in papers.CODES | hours.CODES
        and not (finding.excepted and finding.code in passed)
    ]
    if blocks and row.suspended_at is None:
        return _hold(row, blocks, now)
    if not blocks and row.suspended_reason in OURS:
        return _release(row, now)
    return 0


def _hold(row: SharingRequest, blocks: list, now: datetime) -> int:
    ended = any(finding.code in papers.CODES for finding in blocks)
    reason = Suspension.CREDENTIAL if ended else Suspension.RULES
    text = " ".join(f"{finding.code}: {finding.text}" for finding in blocks)[:1000]
    try:
        with transaction.atomic():
            fresh = suspend(sharing_request=row, reason=reason, text=text, now=now)
            letters.queue(fresh, "on_hold", now=now)
    except IllegalTransition:
        return 0
    return 1


def _release(row: SharingRequest, now: datetime) -> int:
    try:
        with transaction.atomic():
            fresh = resume(sharing_request=row, text="", now=now)
            letters.queue(fresh, "released", now=now)
    except NotOnHold:
        return 0
    return 1
