"""Rules INF-01 to INF-14 where they concern a request and a look; all are asked, all answer."""

from medshare_portal.findings import Findings, collect
from scheduling.kinds.information.facts import AccessWish, Look
from scheduling.kinds.information.rules import asking, looking


def findings_for_wish(wish: AccessWish) -> Findings:
    """What the rules say of an access that is asked for; blocks first."""
    findings = collect(asking.RULES, wish)
    return Findings(findings.blocks + findings.warnings)


def findings_for_look(look: Look) -> Findings:
    """Why a look is refused; empty lets it through."""
    return collect(looking.RULES, look)
