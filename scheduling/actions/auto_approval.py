"""Approval without a person, where the offer allows it and no rule objects."""

from datetime import datetime

from django.utils import timezone

from medshare_portal.findings import Findings
from medshare_portal.models import ConsortiumMembership
from resources.enums import AutoApproval
from scheduling.actions._move import move
from scheduling.kinds import kinds
from scheduling.models import SharingRequest
from scheduling.rules import RuleContext
from scheduling.states import Side


def apply(
    sharing_request: SharingRequest, context: RuleContext, findings: Findings, *, now: datetime
) -> bool:
    """Approve when the offer's rule fits; True when it did.  Warnings always go to a person."""
    offer = context.offer
    if (
        "auto_approve" not in kinds[sharing_request.kind].steps
        or offer.auto_approval == AutoApproval.NEVER
        or context.hours > offer.auto_approval_max_hours
        or findings
        or not _addressed(offer, sharing_request, now)
    ):
        return False
    move(
        sharing_request,
        "auto_approve",
        side=Side.SYSTEM,
        by=None,
        now=now,
        data={"rule": offer.auto_approval},
        decided_at=now,
        decided_automatically=True,
        due_at=None,
    )
    return True


def _addressed(offer, sharing_request, now) -> bool:
    if offer.auto_approval == AutoApproval.ANYONE:
        return True
    members = ConsortiumMembership.objects.on(timezone.localdate(now))
    shared = members.filter(institution=sharing_request.owner_id).values("consortium")
    return members.filter(institution=sharing_request.borrower_id, consortium__in=shared).exists()
