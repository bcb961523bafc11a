"""Times that an approver tries out before deciding, judged by the rules that the action asks."""

from dataclasses import dataclass
from datetime import datetime

from medshare_portal.findings import Findings
from resources.models import Resource
from scheduling.queries.rule_facts import context_of, wish_of
from scheduling.rules import RuleContext, findings_for_request


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What would be offered or booked, and what the rules say of it."""

    decision: str
    starts_at: datetime
    ends_at: datetime
    unit: Resource
    context: RuleContext
    findings: Findings

    @property
    def clashes(self) -> bool:
        return bool(self.findings.blocks)


def try_times(
    task, *, decision: str, starts_at: datetime, ends_at: datetime, units, unit, now: datetime
) -> Tried:
    """``unit`` and ``units`` may be None: those that were asked for."""
    request = task.request
    unit = unit or request.resource
    wish = wish_of(
        request, starts_at=starts_at, ends_at=ends_at, units=units or request.units, resource=unit
    )
    context = context_of(wish, now=now)
    return Tried(
        decision=decision,
        starts_at=starts_at,
        ends_at=ends_at,
        unit=unit,
        context=context,
        findings=findings_for_request(context),
    )
