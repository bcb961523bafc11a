"""Loads what the rules need at a handover, a return or a check."""

from datetime import datetime

from resources.enums import BlockReason
from resources.models import Accessory, BusyBlock
from scheduling.kinds import kinds
from scheduling.models import Handover, SharingRequest, TransitionLog
from scheduling.rules import HandoverContext
from scheduling.rules.context import Earlier
from scheduling.states import Stage, State

REASON = "the record of a loan that the caller has scoped, and the bookings that it displaces"


def expected_accessories(sharing_request: SharingRequest) -> list[Accessory]:
    """What must come along."""
    rows = Accessory.objects.everywhere(reason=REASON)
    return list(rows.filter(resource=sharing_request.resource_id).order_by("pk"))


def checklist(kind: str, stage: Stage) -> list[tuple]:
    """(code, label) of what is ticked off at a stage."""
    return kinds[kind].checklists.get(stage.value, [])


def context_of_handover(
    sharing_request: SharingRequest, stage: Stage, record, *, now: datetime
) -> HandoverContext:
    """``record`` is what was filled in; the request's resource is locked."""
    before = Handover.objects.of(sharing_request).filter(stage=Stage.HANDOVER).first()
    accessories = expected_accessories(sharing_request)
    checked = stage == Stage.POST_CHECK
    return HandoverContext(
        sharing_request=sharing_request,
        stage=stage,
        record=record,
        expected_accessories={row.pk: row.count for row in accessories},
        checklist_codes=tuple(code for code, _label in checklist(sharing_request.kind, stage)),
        before=before if stage != Stage.HANDOVER else None,
        now=now,
        fault=checked and TransitionLog.objects.of(sharing_request).faults().exists(),
        maintained=_maintained(sharing_request) if checked else (),
        earlier=_earlier(sharing_request, now) if stage == Stage.HANDOVER else (),
    )


def _maintained(sharing_request) -> tuple:
    """(from, until) of maintenance and repair within the actual use."""
    rows = BusyBlock.objects.everywhere(reason=REASON).filter(
        resource=sharing_request.resource_id,
        reason__in=(BlockReason.MAINTENANCE, BlockReason.REPAIR),
    )
    rows = rows.overlapping(sharing_request.actual_starts_at, sharing_request.actual_ends_at)
    return tuple(rows.order_by("starts_at", "pk").values_list("starts_at", "ends_at"))


def _earlier(sharing_request, now: datetime) -> tuple[Earlier, ...]:
    """Bookings that begin before this one and would find too few units there."""
    resource = sharing_request.resource
    rows = SharingRequest.objects.everywhere(reason=REASON).filter(resource=resource)
    out = sum(rows.filter(state=State.UNDERWAY).values_list("units", flat=True))
    coming = (
        rows.filter(state=State.APPROVED, starts_at__lt=sharing_request.starts_at, ends_at__gt=now)
        .exclude(pk=sharing_request.pk)
        .select_related("borrower")
        .order_by("starts_at", "pk")
    )
    free = resource.units - out - sharing_request.units
    found = []
    for row in coming:
        free -= row.units
        if free < 0:
            found.append(Earlier(row.reference, row.borrower, row.starts_at, row.ends_at))
    return tuple(found)
