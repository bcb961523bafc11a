"""The city approves an emergency in the owner's place, while a crisis runs; the owner objects."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from medshare_portal import crises
from medshare_portal.actions.crises import lock_running, require_city
from medshare_portal.findings import Findings
from medshare_portal.local_times import describe_moment
from medshare_portal.models import AuditEvent
from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission
from scheduling.actions import _rules
from scheduling.actions._lock import lock_request, require
from scheduling.actions._move import IllegalTransition, change_times, move
from scheduling.actions._under_crisis import share_of
from scheduling.actions.decisions import FourEyes, decline_competitors, lock_trails
from scheduling.actions.lapses import lapse_holds
from scheduling.city_notices import tell_of_objection
from scheduling.kinds import Claim, kinds
from scheduling.models import CityApproval, SharingRequest
from scheduling.queries.rule_facts import wish_of
from scheduling.relaxations.city_approval import CITY_APPROVES, STEP
from scheduling.states import Priority, Side, State


class NotOurs(Refusal):
    """No crisis runs that lets the city decide this request."""

    message = _("No crisis runs that lets the city approve this request.")


class NoEmergency(Refusal):
    message = _("The city approves emergencies only; other requests are the owner's.")


class OwnerStillHasTime(Refusal):
    """The owner is to answer first."""

    def __init__(self, until: datetime):
        super().__init__(
            str(_("The owner has until %(moment)s to answer.")) % {"moment": describe_moment(until)}
        )


class NothingToObject(Refusal):
    message = _("The city has not approved this request, or you have objected already.")


def city_may_answer_from(crisis: crises.RunningCrisis, sharing_request) -> datetime:
    """When the owner's time is over."""
    return sharing_request.submitted_at + timedelta(minutes=crisis.wait_minutes)


def approve(
    *, sharing_request: SharingRequest, reason: str, by, now: datetime, version: int | None = None
) -> SharingRequest:
    """Approve all that was asked, in the owner's place; ``reason`` passes the warnings as well.

    The crisis stays locked until this is done, so it does not end in between.  Competitors that can
    no longer be met are declined, as by an owner's approval.  Raises NotAnOfficial, NotOurs,
    HasEnded, NoEmergency, OwnerStillHasTime, FourEyes, RulesBlock, IllegalTransition, StaleVersion,
    SlotTaken.
    """
    require_city(by, Permission.DECLARE_CRISIS)
    fresh = lock_request(sharing_request, version=version)
    crisis = _may_decide(fresh, by=by, now=now)
    agrees = kinds[fresh.kind].city_agrees or _agree_to_times
    columns, accepted = agrees(sharing_request=fresh, reason=reason, by=by, now=now)
    waited = int((now - fresh.submitted_at).total_seconds() // 60)
    CityApproval.objects.create(
        sharing_request=fresh, crisis_id=crisis.pk, by=by, at=now, reason=reason,
        waited_minutes=waited,
    )  # fmt: skip
    if kinds[fresh.kind].claim is Claim.TIME:
        lock_trails(fresh, AuditEvent.CITY)
    move(
        fresh,
        STEP,
        side=Side.CITY,
        by=by,
        now=now,
        text=reason,
        data=_rules.passed(accepted) | {"relaxed": [CITY_APPROVES], "waited": waited},
        **columns,
        accepted_findings=fresh.accepted_findings
        + _rules.accepted_record(accepted, by=by, now=now),
        decided_at=now,
        decided_by=by,
        decision_text=reason,
        due_at=None,
    )
    if kinds[fresh.kind].claim is Claim.TIME:
        decline_competitors(fresh, side=Side.CITY, by=by, now=now)
    return fresh


def _agree_to_times(*, sharing_request, reason: str, by, now: datetime) -> tuple[dict, dict]:
    """The blocked times as they are now, and the warnings that ``reason`` passes."""
    lapse_holds(now=now, resource=sharing_request.resource)
    context, findings = _rules.checked(wish_of(sharing_request), now=now)
    accepted = passed_by_city(sharing_request, findings, reason)
    return {"blocked_from": context.blocked_from, "blocked_until": context.blocked_until}, accepted


def passed_by_city(sharing_request, findings: Findings, reason: str) -> dict[str, str]:
    """The warnings that nobody passed yet, each with the city's reason.  Raises RulesBlock: safety
    and what is there to give are above every crisis; so are exceptions from the law."""
    if findings.blocks:
        raise _rules.RulesBlock(findings=findings)
    passed_before = {entry["code"] for entry in sharing_request.accepted_findings}
    warned = {finding.code for finding in findings.warnings}
    return dict.fromkeys(sorted(warned - passed_before), reason)


def require_answerable(fresh: SharingRequest, *, by, now: datetime) -> crises.RunningCrisis:
    """Whether the city could answer it once the owner's time is over.  Raises IllegalTransition,
    NotOurs, NoEmergency, FourEyes."""
    if fresh.state != State.REQUESTED:
        raise IllegalTransition(fresh.state)
    crisis = crises.current(now)
    if crisis is None or not crisis.relaxes(CITY_APPROVES, **share_of(fresh)):
        raise NotOurs
    if not kinds[fresh.kind].city_decides:
        raise NotOurs
    if fresh.priority != Priority.STAT:
        raise NoEmergency
    if fresh.created_by_id == by.pk:
        raise FourEyes
    return crisis


def _may_decide(fresh: SharingRequest, *, by, now: datetime) -> crises.RunningCrisis:
    crisis = require_answerable(fresh, by=by, now=now)
    lock_running(crisis, now=now)
    if now < city_may_answer_from(crisis, fresh):
        raise OwnerStillHasTime(city_may_answer_from(crisis, fresh))
    return crisis


def object_to(*, sharing_request: SharingRequest, text: str, by, now: datetime) -> SharingRequest:
    """The owner says that it does not agree: recorded and told, nothing is taken back by it.

    Raises NotYours, NothingToObject.
    """
    fresh = lock_request(sharing_request)
    require(by=by, institution=fresh.owner, permission=Permission.DECIDE, kind=fresh.kind)
    row = CityApproval.objects.of(fresh).filter(objected_at__isnull=True).first()
    if row is None:
        raise NothingToObject
    row.objected_at, row.objected_by, row.objection = now, by, text
    row.save(update_fields=["objected_at", "objected_by", "objection"])
    tell_of_objection(row, fresh, now=now)
    return change_times(fresh, "object_to_city", side=Side.OWNER, by=by, now=now, text=text)
