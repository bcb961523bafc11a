"""Run the rules inside an action: blocks refuse, warnings need a reason."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from medshare_portal.findings import Findings
from medshare_portal.models import RoleGroup
from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission, permissions_of
from scheduling.queries.rule_facts import Wish, context_of
from scheduling.rules import RuleContext, findings_for_request


class RulesBlock(Refusal):
    """At least one rule forbids it; ``findings`` has all of them."""

    message = _("The rules do not allow this. See what stands in the way.")
    status = 409


class ReasonMissing(Refusal):
    """A warning was not passed with a reason."""

    message = _("Give a reason for each warning that you want to pass.")
    status = 422


class MayNotPass(Refusal):
    """The person may act here, but not against a warning."""

    message = _("Your role may not pass warnings. Ask a coordinator or an approver.")
    status = 403


def check(
    wish: Wish, *, now: datetime, accepted: dict[str, str] | None = None
) -> tuple[RuleContext, Findings]:
    """The checked context and what was said of it.  Raises RulesBlock or ReasonMissing."""
    context = context_of(wish, now=now)
    findings = findings_for_request(context)
    judge(findings, accepted or {})
    return context, findings


def require_passing(accepted: dict[str, str] | None, *, by, institution, kind: str) -> None:
    """Raise MayNotPass when a warning is passed by somebody without that permission."""
    if not any(reason.strip() for reason in (accepted or {}).values()):
        return
    roles = RoleGroup.objects.of_user(by).filter(institution=institution)
    held = roles.values_list("role", flat=True)
    if Permission.OVERRIDE_WARNING not in permissions_of(held, kind):
        raise MayNotPass


def judge(findings: Findings, accepted: dict[str, str]) -> dict[str, str]:
    """Blocks refuse; each warning needs a reason in ``accepted`` (code → reason).

    Returns the reasons by which the warnings were passed.
    """
    if findings.blocks:
        raise RulesBlock(findings=findings)
    if any(not accepted.get(finding.code, "").strip() for finding in findings.warnings):
        raise ReasonMissing(findings=findings)
    return {finding.code: accepted[finding.code] for finding in findings.warnings}


def passed(accepted: dict[str, str] | None) -> dict:
    """What the step's log and the audit trail keep about warnings passed in it."""
    reasons = {code: text.strip()[:500] for code, text in (accepted or {}).items() if text.strip()}
    return {"passed": reasons} if reasons else {}


def reasons_for(findings: Findings, accepted: dict[str, str] | None) -> dict[str, str]:
    """Of the reasons that came, those of a warning that is there."""
    warned = {finding.code for finding in findings.warnings}
    return {code: reason for code, reason in (accepted or {}).items() if code in warned}


def accepted_record(accepted: dict[str, str] | None, *, by, now: datetime) -> list[dict]:
    """What is kept on the request about the warnings that were passed."""
    return [
        {"code": code, "reason": reason.strip()[:500], "by": str(by), "at": now.isoformat()}
        for code, reason in (accepted or {}).items()
        if reason.strip()
    ]
