"""The owner's side: approve in whole or in part, counter-offer, decline."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from medshare_portal import audit
from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission
from resources.models import Resource
from scheduling.actions import _rules
from scheduling.actions._lock import REASON, lock_request, lock_resource, require
from scheduling.actions._move import IllegalTransition, move
from scheduling.actions.lapses import lapse_holds
from scheduling.deadlines import counter_due
from scheduling.kinds import Claim, kinds
from scheduling.models import SharingRequest
from scheduling.queries.related import related_for_rules
from scheduling.queries.rule_facts import wish_of
from scheduling.states import DeclineReason, Side, State


class FourEyes(Refusal):
    """GEN-06"""

    message = _("A second person must approve: you made this request yourself.")
    status = 403


class NotAPart(Refusal):
    """An approval in part gives less than was asked; more needs a counter-offer."""

    message = _(
        "A part lies within the time and the units that were asked. "
        "For other times make a counter-offer."
    )
    field = "starts_at"
    status = 422


class NothingToCounter(Refusal):
    """The counter-offer is what was asked."""

    message = _("This is what was asked: approve it instead.")
    field = "starts_at"
    status = 422


class OtherPage(Refusal):
    """What claims no time is decided by its kind's own action, and maybe nowhere else."""

    message = _("This is decided on its own page.")


class OtherResource(Refusal):
    message = _("Offer one of your own units of the same category.")
    field = "resource"
    status = 422


def _to_decide(sharing_request, by, version) -> SharingRequest:
    fresh = lock_request(sharing_request, version=version)
    require(by=by, institution=fresh.owner, permission=Permission.DECIDE, kind=fresh.kind)
    if fresh.created_by_id in by.seats:
        raise FourEyes
    return fresh


def approve(
    *,
    sharing_request: SharingRequest,
    by,
    now: datetime,
    version: int | None = None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    units: int | None = None,
    text: str = "",
    accepted: dict[str, str] | None = None,
) -> SharingRequest:
    """Approve, in part when narrower times or fewer units are given.

    Competing requests that can no longer be met are declined by name.  Raises RulesBlock,
    ReasonMissing, FourEyes, NotAPart, StaleVersion, IllegalTransition, SlotTaken.
    """
    fresh, kind = _to_decide(sharing_request, by, version), kinds[sharing_request.kind]
    if kind.claim is not Claim.TIME and kind.approve_whole is None:
        raise OtherPage
    if fresh.state != State.REQUESTED:
        raise IllegalTransition(fresh.state)
    agree = kind.approve_whole or kind.on_approve
    if agree is not None:
        return agree(sharing_request=fresh, by=by, now=now, text=text, accepted=accepted)
    part = _part(fresh, starts_at, ends_at, units)
    return _approve(fresh, part, by=by, now=now, text=text, accepted=accepted)


def _approve(fresh: SharingRequest, part: dict, *, by, now, text, accepted) -> SharingRequest:
    lapse_holds(now=now, resource=fresh.resource)
    passed = {entry["code"]: entry["reason"] for entry in fresh.accepted_findings}
    context, findings = _rules.check(
        wish_of(fresh, **part), now=now, accepted={**passed, **(accepted or {})}
    )
    accepted = _rules.reasons_for(findings, accepted)
    _rules.require_passing(
        accepted, by=by, institution=fresh.owner, kind=fresh.kind, findings=findings
    )
    lock_trails(fresh)
    move(
        fresh,
        "approve",
        side=Side.OWNER,
        by=by,
        now=now,
        text=text,
        data=_rules.passed(accepted),
        **part,
        blocked_from=context.blocked_from,
        blocked_until=context.blocked_until,
        accepted_findings=fresh.accepted_findings
        + _rules.accepted_record(accepted, by=by, now=now, findings=findings),
        decided_at=now,
        decided_by=by,
        decision_text=text,
        due_at=None,
    )
    decline_competitors(fresh, side=Side.OWNER, by=by, now=now)
    return fresh


def _part(fresh: SharingRequest, starts_at, ends_at, units) -> dict:
    """What is approved: all that was asked, or less of it.  Raises NotAPart."""
    part = {
        "starts_at": starts_at or fresh.starts_at,
        "ends_at": ends_at or fresh.ends_at,
        "units": units or fresh.units,
    }
    if (
        part["starts_at"] < fresh.starts_at
        or part["ends_at"] > fresh.ends_at
        or part["units"] > fresh.units
    ):
        raise NotAPart
    return part


def competitors(sharing_request: SharingRequest):
    """Undecided requests that want the same unit in a time that meets this one's."""
    return (
        SharingRequest.objects.everywhere(reason=REASON)
        .filter(resource=sharing_request.resource_id, state=State.REQUESTED)
        .exclude(pk=sharing_request.pk)
        .overlapping(sharing_request.blocked_from, sharing_request.blocked_until)
        .select_related(
            *related_for_rules(sharing_request.kind, "resource__"),
            "owner",
            "borrower",
            "created_by",
            "basket",
        )
        .order_by("submitted_at", "pk")
    )


def lock_trails(winner: SharingRequest, *further: str) -> None:
    """The trails of all whom the approval may end, and ``further`` ones, in one order before the
    first event: an item that is declined takes the other items of its basket along."""
    rivals = list(competitors(winner).order_by().values_list("borrower__slug", "basket"))
    if not rivals:
        return
    baskets = {basket for _slug, basket in rivals if basket}
    beside = SharingRequest.objects.everywhere(reason=REASON).filter(basket__in=baskets)
    owners = beside.values_list("owner__slug", flat=True) if baskets else ()
    borrowers = {slug for slug, _basket in rivals}
    audit.lock_chains({winner.owner.slug, winner.borrower.slug, *borrowers, *owners, *further})


def decline_competitors(winner: SharingRequest, *, side: Side, by, now: datetime) -> None:
    """Those whom the approval leaves no room; on a set, those who still fit keep waiting."""
    undone = set()
    for other in competitors(winner):
        if other.basket_id in undone:  # released with its basket a moment ago
            continue
        context = _rules.context_of(wish_of(other), now=now)
        if context.units <= context.units_free:
            continue
        move(
            other,
            "decline",
            side=side,
            by=by,
            now=now,
            reason_code=DeclineReason.OTHER_WON,
            data={"given_to": winner.reference},
            decided_at=now,
            decided_by=by,
            decision_code=DeclineReason.OTHER_WON.value,
            due_at=None,
        )
        if other.basket_id is not None and other.basket.all_or_nothing:
            undone.add(other.basket_id)


def counter(
    *,
    sharing_request: SharingRequest,
    by,
    now: datetime,
    starts_at: datetime,
    ends_at: datetime,
    units: int,
    version: int | None = None,
    resource: Resource | None = None,
    fee_per_hour=None,
    text: str = "",
) -> SharingRequest:
    """Offer other times, fewer or more units, another unit or another price.

    The counter-offer holds its time until the borrower answers or the answer time is over.
    """
    fresh = _to_decide(sharing_request, by, version)
    if kinds[fresh.kind].claim is not Claim.TIME:
        raise OtherPage
    if fresh.state != State.REQUESTED:
        raise IllegalTransition(fresh.state)
    changes = {"starts_at": starts_at, "ends_at": ends_at, "units": units}
    if fee_per_hour is not None:
        changes["fee_per_hour"] = fee_per_hour
    if resource is not None and resource.pk != fresh.resource_id:
        changes["resource"] = _other_unit(fresh, resource)
    context = _check_counter(fresh, changes, now)
    return move(
        fresh,
        "counter",
        side=Side.OWNER,
        by=by,
        now=now,
        text=text,
        **changes,
        exclusive=context.resource.units == 1,
        offer=context.offer,
        blocked_from=context.blocked_from,
        blocked_until=context.blocked_until,
        decided_at=now,
        decided_by=by,
        decision_text=text,
        due_at=min(counter_due(fresh, now=now), starts_at),
    )


def _check_counter(fresh: SharingRequest, changes: dict, now: datetime):
    """The rules hold for a counter-offer too; warnings are the owner's own business."""
    if all(getattr(fresh, name) == value for name, value in changes.items()):
        raise NothingToCounter
    tried = {name: value for name, value in changes.items() if name != "fee_per_hour"}
    lapse_holds(now=now, resource=changes.get("resource", fresh.resource))
    context = _rules.context_of(wish_of(fresh, **tried), now=now)
    findings = _rules.findings_for_request(context)
    if findings.blocks:
        raise _rules.RulesBlock(findings=findings)
    return context


def _other_unit(fresh: SharingRequest, resource: Resource) -> Resource:
    other = lock_resource(resource.pk)
    if other.institution_id != fresh.owner_id or other.category_id != fresh.resource.category_id:
        raise OtherResource
    return other


def decline(
    *,
    sharing_request: SharingRequest,
    by,
    now: datetime,
    reason_code: str,
    version: int | None = None,
    text: str = "",
) -> SharingRequest:
    """Say no, with a coded reason."""
    fresh = _to_decide(sharing_request, by, version)
    return move(
        fresh,
        "decline",
        side=Side.OWNER,
        by=by,
        now=now,
        text=text,
        reason_code=DeclineReason(reason_code).value,
        decided_at=now,
        decided_by=by,
        decision_code=DeclineReason(reason_code).value,
        decision_text=text,
        due_at=None,
    )
