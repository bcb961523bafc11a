"""What a rule says: small values, collected and shown all at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Severity(StrEnum):
    BLOCK = "block"
    WARN = "warn"
    INFO = "info"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One rule's verdict.

    ``code`` as in the domain's rule tables (EQ-02); ``message`` and ``advice`` (what to do) are
    lazy texts with ``%(name)s`` places that ``params`` fills; ``source`` is the law or standard.
    ``excepted``: a block from which the law knows exceptions; whoever holds the right passes it.
    ``relaxed``: the relaxation of a crisis (its code) without which the rule would have objected.
    """

    code: str
    severity: Severity
    message: Promise | str
    advice: Promise | str = ""
    params: dict = field(default_factory=dict)
    source: Promise | str = ""
    excepted: bool = False
    relaxed: str = ""

    @property
    def text(self) -> str:
        return str(self.message) % self.params if self.params else str(self.message)

    @property
    def advice_text(self) -> str:
        return str(self.advice) % self.params if self.params else str(self.advice)

    @property
    def source_text(self) -> str:
        """The law, standard or agreement behind it; the portal's own rules have no other."""
        return str(self.source or _("Rule of the portal"))


class Findings(list[Finding]):
    """All that the rules said about one action."""

    @property
    def blocks(self) -> list[Finding]:
        return [finding for finding in self if finding.severity == Severity.BLOCK]

    @property
    def hard(self) -> list[Finding]:
        """What nobody passes."""
        return [finding for finding in self.blocks if not finding.excepted]

    @property
    def exceptions(self) -> list[Finding]:
        """Blocks that somebody with the right may pass, each with a reason."""
        return [finding for finding in self.blocks if finding.excepted]

    @property
    def passable(self) -> list[Finding]:
        """What is passed with a reason."""
        return [*self.exceptions, *self.warnings]

    @property
    def warnings(self) -> list[Finding]:
        return [finding for finding in self if finding.severity == Severity.WARN]

    @property
    def relaxed(self) -> list[Finding]:
        """What stands in nobody's way because a crisis relaxes it: shown all the same."""
        return [finding for finding in self if finding.relaxed]

    @property
    def asked_before(self) -> list[Finding]:
        """That the same was asked for already (GEN-12): nobody need pass it."""
        return [finding for finding in self if finding.code == "GEN-12"]

    @property
    def verdict(self) -> str:
        """``bad``, ``warn`` or ``ok``: the one badge of a list row."""
        return "bad" if self.blocks else "warn" if self.warnings else "ok"


def collect(rules: Iterable, context) -> Findings:
    """Run every rule; each yields findings."""
    return Findings(finding for rule in rules for finding in rule(context))
