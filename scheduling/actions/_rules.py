"""Run the rules inside an action: blocks refuse, warnings and exceptions need a reason."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from medshare_portal.findings import Findings
from medshare_portal.memberships import membership_at
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
    context, findings = checked(wish, now=now)
    judge(findings, accepted or {})
    return context, findings


def checked(wish: Wish, *, now: datetime) -> tuple[RuleContext, Findings]:
    """The context and what is said of it; nothing is judged."""
    context = context_of(wish, now=now)
    return context, findings_for_request(context)


class MayNotExcept(MayNotPass):
    """Warnings yes, but not exceptions from a rule."""

    message = _("Your role may not make exceptions from this rule.")


def require_passing(
    accepted: dict[str, str] | None, *, by, institution, kind: str, findings: Findings | None = None
) -> None:
    """Raise MayNotPass when a warning is passed by somebody without that permission, and
    MayNotExcept when an exception is."""
    codes = {code for code, reason in (accepted or {}).items() if reason.strip()}
    if not codes:
        return
    there = membership_at(by, institution)
    held = permissions_of(there.roles, kind)
    if Permission.OVERRIDE_WARNING not in held:
        raise MayNotPass
    by.deputy_for = by.deputy_for or there.deputy_for(Permission.OVERRIDE_WARNING, kind)
    excepted = {finding.code for finding in findings.exceptions} if findings else set()
    if codes & excepted and Permission.MAKE_EXCEPTION not in held:
        raise MayNotExcept


def judge(findings: Findings, accepted: dict[str, str]) -> dict[str, str]:
    """Blocks refuse; each warning and exception needs a reason in ``accepted`` (code → reason).

    Returns the reasons by which they were passed.
    """
    if findings.hard:
        raise RulesBlock(findings=findings)
    if any(not accepted.get(finding.code, "").strip() for finding in findings.exceptions):
        raise RulesBlock(findings=findings)
    if any(not accepted.get(finding.code, "").strip() for finding in findings.warnings):
        raise ReasonMissing(findings=findings)
    return {finding.code: accepted[finding.code] for finding in findings.passable}


def passed(accepted: dict[str, str] | None) -> dict:
    """What the step's log and the audit trail keep about warnings passed in it."""
    reasons = {code: text.strip()[:500] for code, text in (accepted or {}).items() if text.strip()}
    return {"passed": reasons} if reasons else {}


def relaxed(findings: Findings) -> dict:
    """What the step's log keeps about rules that only a crisis relaxed."""
    codes = sorted({finding.relaxed for finding in findings.relaxed})
    return {"relaxed": codes} if codes else {}


def reasons_for(findings: Findings, accepted: dict[str, str] | None) -> dict[str, str]:
    """Of the reasons that came, those of a warning or exception that is there."""
    warned = {finding.code for finding in findings.passable}
    return {code: reason for code, reason in (accepted or {}).items() if code in warned}


def accepted_record(
    accepted: dict[str, str] | None, *, by, now: datetime, findings: Findings | None = None
) -> list[dict]:
    """What is kept on the request about the warnings and exceptions that were passed."""
    excepted = {finding.code for finding in findings.exceptions} if findings else set()
    return [
        {"code": code, "reason": reason.strip()[:500], "by": str(by), "at": now.isoformat()}
        | ({"exception": True} if code in excepted else {})
        for code, reason in (accepted or {}).items()
        if reason.strip()
    ]
