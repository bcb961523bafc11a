"""STF rules (domain.md 4.4): functions of a RuleContext whose ``own`` are ShiftFacts."""

from scheduling.kinds.staff.rules import hours, papers

RULES = (*papers.RULES, *hours.RULES)
