"""The rules: small functions that say why not, all of them at once.

``generic`` and ``offered`` hold for every kind that occupies time; a kind adds its own in
``scheduling/kinds``.  A rule is ``(RuleContext) -> Iterable[Finding]`` and never reads the
database: ``scheduling.queries.rule_facts`` loads what the rules need, for many requests at once.
"""

from medshare_portal.findings import Findings, collect
from scheduling.kinds import kinds
from scheduling.rules import generic, offered
from scheduling.rules.context import Conflict, HandoverContext, RuleContext

__all__ = [
    "Conflict",
    "HandoverContext",
    "RuleContext",
    "findings_for_handover",
    "findings_for_request",
    "rules_for",
]


def rules_for(kind: str) -> tuple:
    """Every rule that a request of this kind must pass."""
    return (*generic.RULES, *offered.RULES, *kinds[kind].rules)


def findings_for_request(context: RuleContext) -> Findings:
    """What all rules say: blocks, warnings, what a crisis relaxes, and what was asked before."""
    findings = collect(rules_for(context.resource.kind), context)
    return Findings(findings.blocks + findings.warnings + findings.relaxed + findings.asked_before)


def findings_for_handover(context: HandoverContext) -> Findings:
    """What the rules say about a handover, return or check."""
    rules = (*generic.HANDOVER_RULES, *kinds[context.sharing_request.kind].handover_rules)
    return collect(rules, context)
